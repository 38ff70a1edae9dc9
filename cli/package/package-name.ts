import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parseVersion } from '@sluice/kernel/release/version';
import { parse } from 'yaml';
import { z } from 'zod';
import { usageFailure } from '../command-failure.ts';

export interface PackageName {
  readonly model: string;
  readonly version: string;
}

const named = z.object({ model: z.string().min(1), version: z.string().min(1) });

/** What a manifest that may have any other fault calls itself. */
const fromManifest = (text: string): PackageName | undefined => {
  try {
    return named.safeParse(parse(text)).data;
  } catch {
    return undefined;
  }
};

/**
 * What a package is to be called: as its manifest says; without one, or where it does not say, as its folders
 * are called: `<model>/<version>`.
 * @throws CommandFailure USAGE when there is no such folder, or its name is no version and nothing else says one.
 */
export const packageName = async (folder: string): Promise<PackageName> => {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw usageFailure(`there is no folder ${folder}`);
  const text = await readFile(join(folder, 'sluice.yaml'), 'utf8').catch(() => undefined);
  const declared = text === undefined ? undefined : fromManifest(text);
  if (declared !== undefined) return declared;
  const full = resolve(folder);
  const ofFolder = { model: basename(dirname(full)), version: basename(full) };
  if (text !== undefined || parseVersion(ofFolder.version) !== undefined) return ofFolder;
  throw usageFailure(
    `${folder} has no sluice.yaml, and is not called <model>/<version>: sluice release init writes a first one`,
  );
};
