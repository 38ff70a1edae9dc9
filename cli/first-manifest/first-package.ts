import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { readSignature } from '@sluice/kernel/release/onnx-signature';
import { weightFiles } from '@sluice/kernel/release/outside-weights';
import { readOnnxModel } from '@sluice/kernel/release/read-onnx';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import { readBytes } from '../json-input.ts';
import { firstManifest, type ManifestName } from './first-manifest.ts';

export interface PackageFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * What a first package holds: the graph, the files of its weights, the manifest.
 * @throws CommandFailure UNREADABLE_FILE; PACKAGE_INVALID for what is no graph that can be served.
 */
export const firstPackage = async (file: string, name: ManifestName): Promise<PackageFile[]> => {
  const graph = await readBytes(file);
  const { manifest, weights } = describe(graph, name);
  const beside = weights.map(async (path) => ({ path, bytes: await readBytes(join(dirname(file), path)) }));
  return [
    { path: 'model.onnx', bytes: graph },
    ...(await Promise.all(beside)),
    { path: 'sluice.yaml', bytes: Buffer.from(manifest) },
  ];
};

const describe = (graph: Uint8Array, name: ManifestName) => {
  try {
    return {
      manifest: firstManifest(name, readSignature(graph)),
      weights: weightFiles(readOnnxModel(graph)),
    };
  } catch (error) {
    throw new CommandFailure(adviceOn(messageOf(error)), {
      code: 'PACKAGE_INVALID',
      exitCode: exitCodes.failed,
    });
  }
};

/** What to do about it, where that is known. */
const adviceOn = (message: string): string =>
  message.includes('a sequence, a map')
    ? `${message}: export a classifier of skl2onnx with options={'zipmap': False}`
    : message;

/**
 * Writes a package into a folder that holds nothing yet, or the manifest alone beside the graph that lies there.
 * @returns the names of the files that were written.
 * @throws CommandFailure ALREADY_EXISTS: nothing is written over.
 */
export const writePackage = async (
  folder: string,
  file: string,
  files: readonly PackageFile[],
): Promise<string[]> => {
  const isThere = resolve(file) === resolve(folder, 'model.onnx');
  await mkdir(folder, { recursive: true });
  const wanted = isThere ? files.slice(-1) : files;
  const present = await readdir(folder);
  const taken = isThere ? present.filter((name) => name === 'sluice.yaml') : present;
  if (taken.length > 0) {
    throw new CommandFailure(`${folder} holds ${taken.join(', ')} already`, {
      code: 'ALREADY_EXISTS',
      exitCode: exitCodes.failed,
    });
  }
  for (const { path, bytes } of wanted) await writeFile(join(folder, path), bytes, { flag: 'wx' });
  return wanted.map(({ path }) => path);
};
