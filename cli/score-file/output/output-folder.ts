import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { usageFailure } from '../../command-failure.ts';
import { type Job, type Journal, partIn } from './journal.ts';

/** Where the parts of an output lie until it is whole. */
export const partialOf = (path: string): string => `${path}.partial`;

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** @throws CommandFailure USAGE unless there is nothing that would be lost */
export const checkOutput = async (
  path: string,
  { force, resume }: { readonly force: boolean; readonly resume: boolean },
): Promise<void> => {
  if (force) return;
  if (await isThere(path)) throw usageFailure(`${path} is there already; --force takes its place`);
  if (!resume && (await isThere(partialOf(path))))
    throw usageFailure(
      `${partialOf(path)} is what an interrupted run has left: --resume goes on with it, --force begins again`,
    );
};

/** Removes parts that the journal does not tell: they may not be whole. */
const tidy = async (folder: string, { parts }: Journal): Promise<void> => {
  const told = new Set(parts.map((part) => basename(partIn(folder, part.part))));
  for (const name of await readdir(folder))
    if (name.startsWith('part-') && !told.has(name)) await rm(join(folder, name), { force: true });
};

/** Makes the folder ready for the next part: new and empty, unless an earlier run goes on. */
export const openOutput = async (path: string, journal: Journal | undefined): Promise<void> => {
  const folder = partialOf(path);
  if (journal !== undefined) {
    await tidy(folder, journal);
    return;
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
};

/** Why a run cannot go on as another one; undefined: it can. */
export const changeSince = (before: Job, now: Job): string | undefined => {
  const { input } = now;
  if (
    before.input.digest !== input.digest ||
    before.input.bytes !== input.bytes ||
    before.input.modifiedMs !== input.modifiedMs
  )
    return `${input.path} has changed since then`;
  if (before.model !== now.model) return `the model was ${before.model}, and is ${now.model} now`;
  if (before.digest !== now.digest)
    return `the release was ${before.model} ${before.version} (${before.digest}), which has changed`;
  if (before.columns !== now.columns) return `the columns of the output were others: ${before.columns}`;
  return undefined;
};
