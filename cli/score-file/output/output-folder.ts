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

/** What a run that goes on must have in common with the one before. */
export const checkSameInput = (before: Job['input'], now: Job['input']): void => {
  if (before.digest === now.digest && before.bytes === now.bytes && before.modifiedMs === now.modifiedMs)
    return;
  throw usageFailure(`--resume: ${now.path} has changed since then; --force begins again`);
};

/** The same for what is asked, and what is written. */
export const checkSameJob = (before: Job, now: Job): void => {
  const changes = [
    [before.model !== now.model, `it asked ${before.model}, not ${now.model}`],
    [before.digest !== now.digest, `${before.model} ${before.version} had the digest ${before.digest}`],
    [before.columns !== now.columns, 'the columns of the output are others than before'],
  ] as const;
  const change = changes.find(([isChanged]) => isChanged)?.[1];
  if (change !== undefined) throw usageFailure(`--resume: ${change}; --force begins again`);
};
