import { resolve } from 'node:path';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { type DigestedFile, digestOf } from '@sluice/kernel/release/digest';
import { readFolderFiles } from '@sluice/kernel/release/folder-files';
import { usageFailure } from '../command-failure.ts';
import { type PackageName, packageName } from '../package/package-name.ts';

/** A folder that is to be published: what the gateway is told of it before it gets the bytes. */
export interface LocalPackage extends PackageName {
  readonly folder: string;
  readonly files: readonly DigestedFile[];
  readonly digest: string;
  readonly bytes: number;
}

const nameOf = async (folder: string, { model, version }: Partial<PackageName>): Promise<PackageName> => {
  if (model !== undefined && version !== undefined) return { model, version };
  const own = await packageName(folder);
  return { model: model ?? own.model, version: version ?? own.version };
};

/**
 * @param named what wins over what the package calls itself
 * @throws CommandFailure USAGE when the folder cannot be read or is empty, or nothing says how it is called
 */
export const readLocalPackage = async (
  folder: string,
  named: Partial<PackageName>,
): Promise<LocalPackage> => {
  const files = await readFolderFiles(folder).catch((error: unknown) => {
    throw usageFailure(`cannot read the folder ${folder}: ${messageOf(error)}`);
  });
  if (files.length === 0) throw usageFailure(`the folder ${folder} is empty`);
  return {
    ...(await nameOf(folder, named)),
    folder: resolve(folder),
    files,
    digest: digestOf(files),
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  };
};
