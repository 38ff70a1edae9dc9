import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { conformanceVenv, reasonToSkip } from '../conformance/venv.ts';
import { blocksOf, type Example, examplesOf, lasting } from '../support/markdown.ts';
import { repository } from '../support/process.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

/**
 * Types the commands of the pages (```console) against real processes, in the pages' order, and
 * holds what they print against what the pages say. Files that a page shows (```ts docs/a.ts) are
 * those of the repository, or are written for the commands that follow.
 */

const guides = readdirSync(join(repository, 'docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...guides.map((name) => `docs/${name}`)];

const venv = await conformanceVenv();
const noPython = reasonToSkip(venv, process.env);

const hasCurl = (): boolean => {
  try {
    return execFileSync('curl', ['--version']).length > 0;
  } catch {
    return false;
  }
};
/** In CI the tests fail without it. */
const noCurl = process.env['CI'] || hasCurl() ? undefined : 'there is no curl';

const sayAloud = (what: string, why: string | undefined): void => {
  if (why !== undefined) console.error(`\n*** SKIPPED: ${what}: ${why} ***\n`);
};

const runExample = async (t: TestContext, page: string, workshop: Workshop, example: Example) => {
  const { command, printed, line } = example;
  const obstacle = /^python /.test(command) ? noPython : undefined;
  sayAloud(`${page}:${line}`, obstacle);
  await t.test(`${page}:${line}: ${command}`, { skip: obstacle ?? false }, async () => {
    assert.equal(lasting(await workshop.run(command)), lasting(printed));
  });
};

const inRepository = (file: string): Promise<string | undefined> =>
  readFile(join(repository, file), 'utf8').catch(() => undefined);

const runPage = async (t: TestContext, page: string): Promise<void> => {
  const blocks = blocksOf(await readFile(join(repository, page), 'utf8'));
  await using workshop = await openWorkshop('python' in venv ? [dirname(venv.python)] : []);
  for (const block of blocks) {
    const { file, text, line, language } = block;
    if (file !== undefined) {
      const real = await inRepository(file);
      if (real !== undefined) assert.equal(text, real, `${page}:${line} shows ${file}`);
      await workshop.put(file, text);
    }
    if (language !== 'console') continue;
    for (const example of examplesOf(block)) await runExample(t, page, workshop, example);
  }
};

for (const page of pages) {
  const text = await readFile(join(repository, page), 'utf8');
  if (!blocksOf(text).some(({ language }) => language === 'console')) continue;
  const obstacle = /^\$ curl /m.test(text) ? noCurl : undefined;
  sayAloud(page, obstacle);
  test(`the commands of ${page} print what it says`, { skip: obstacle ?? false }, (t) => runPage(t, page));
}

test('the README asks by curl, by the command line, from Python and from TypeScript', async () => {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const commands = blocksOf(readme)
    .filter(({ language }) => language === 'console')
    .flatMap(examplesOf)
    .map(({ command }) => command);
  for (const way of [/^curl /, /^npx sluice /, /^python /, /^npx node .*\.ts/])
    assert.ok(
      commands.some((command) => way.test(command)),
      `${way} of ${commands.join('; ')}`,
    );
});

/** As GitHub makes them. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

const exists = (path: string): boolean => existsSync(join(repository, path));

test('every link of the pages leads somewhere in the repository', async () => {
  for (const page of pages) {
    const prose = (await readFile(join(repository, page), 'utf8')).replaceAll(/^```.*?^```$/gms, '');
    for (const [, target = '', anchor = ''] of prose.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)) {
      const path = target === '' ? page : join(dirname(page), target);
      assert.ok(exists(path), `${page} links ${target}`);
      if (anchor === '') continue;
      const anchors = anchorsOf((await inRepository(path)) ?? '');
      assert.ok(
        anchors.includes(anchor),
        `${page} links ${target}#${anchor}; there are ${anchors.join(', ')}`,
      );
    }
  }
});
