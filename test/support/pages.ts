import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Block, blocksOf, type Example, examplesOf, idsOf, lasting } from './markdown.ts';
import { repository } from './process.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

/** How a page is run. */
export interface PageOptions {
  /** Folders in front of the PATH, such as that of a Python. */
  readonly path: readonly string[];
  /** Why a command cannot be typed on this machine. */
  readonly obstacleTo: (command: string) => string | undefined;
}

/** The page that wants the Python packages that models are trained with. */
export const notebookPage = 'docs/from-a-notebook-to-production.md';

const hasCurl = (): boolean => {
  try {
    return execFileSync('curl', ['--version']).length > 0;
  } catch {
    return false;
  }
};

/** Why pages with curl cannot be run; in CI they fail without it. */
export const noCurl = process.env['CI'] || hasCurl() ? undefined : 'there is no curl';

export const sayAloud = (what: string, why: string | undefined): void => {
  if (why !== undefined) console.error(`\n*** SKIPPED: ${what}: ${why} ***\n`);
};

/** The text of a file; undefined: there is none. */
export const inRepository = (file: string): Promise<string | undefined> =>
  readFile(join(repository, file), 'utf8').catch(() => undefined);

/** Whether what is typed, or what a file does, has these words. */
const speaksOf =
  (words: RegExp) =>
  ({ language, file, text }: Block): boolean =>
    (language === 'console' || file !== undefined) && words.test(text);

/** It needs records that are stored. */
const speaksOfRecords = speaksOf(/\b(?:predictions|feedback|replay|GetPrediction|SendFeedback)\b/);
const speaksOfStreams = speaksOf(/\bsluice (?:streams|topics|dead-letters)\b/);

/**
 * Types the commands of a page (```console) against real processes, in its order, and holds what they print against
 * what the page says. An id in a command is the one that was printed where the page shows that id. Files that it shows
 * (```ts docs/a.ts) are those of the repository, or are written for the commands that follow.
 */
export const runPage = async (t: TestContext, page: string, options: PageOptions): Promise<void> => {
  const blocks = blocksOf(await readFile(join(repository, page), 'utf8'));
  await using workshop = await openWorkshop({
    path: options.path,
    records: blocks.some(speaksOfRecords),
    streams: blocks.some(speaksOfStreams),
  });
  const run = withIds(workshop);
  for (const block of blocks) {
    const { file, text, line, language } = block;
    if (file !== undefined) {
      const real = await inRepository(file);
      if (real !== undefined) assert.equal(text, real, `${page}:${line} shows ${file}`);
      await workshop.put(file, text);
    }
    if (language !== 'console') continue;
    for (const example of examplesOf(block)) await runExample(t, page, run, example, options);
  }
};

type Run = (example: Example) => Promise<string>;

/** Types a command with the ids of this run in place of those that the page shows. */
const withIds = (workshop: Workshop): Run => {
  const real = new Map<string, string>();
  return async ({ command, printed }) => {
    const typed = [...real].reduce((text, [shown, id]) => text.replaceAll(shown, id), command);
    const output = await workshop.run(typed);
    const came = idsOf(output);
    for (const [index, shown] of idsOf(printed).entries()) real.set(shown, came[index] ?? shown);
    return output;
  };
};

const runExample = async (
  t: TestContext,
  page: string,
  run: Run,
  example: Example,
  { obstacleTo }: PageOptions,
): Promise<void> => {
  const { command, printed, line } = example;
  const obstacle = obstacleTo(command);
  sayAloud(`${page}:${line}`, obstacle);
  await t.test(`${page}:${line}: ${command}`, { skip: obstacle ?? false }, async () => {
    assert.equal(lasting(await run(example)), lasting(printed));
  });
};
