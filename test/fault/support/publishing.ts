import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { listModels, listVersions } from '@sluice/kernel/release/list-releases';
import { readRelease } from '@sluice/kernel/release/read-release';
import { openStore } from '@sluice/kernel/store/open-store';
import { repository } from '../../support/process.ts';
import { adminKey, type PackageFolder, packageFolder } from '../../support/publishing.ts';
import { echoModel } from './models.ts';

/** Makes a package take its time: many messages, and many blocks on the disk. */
const paddingBytes = 2 * 1024 * 1024;

/** A release of `echo` that is sent in several messages. */
export const largePackage = (version: string): Promise<PackageFolder> =>
  packageFolder('echo', version, {
    'model.onnx': echoModel(),
    'padding.bin': Buffer.alloc(paddingBytes, version),
    'sluice.yaml': JSON.stringify({ apiVersion: 'sluice/v1', model: 'echo', version }),
  });

/** `sluice release publish` as a process that can be killed. */
export interface Publisher {
  /** Its exit code; undefined: it was killed. */
  readonly ended: Promise<number | undefined>;
  kill(): void;
}

export const startPublisher = (server: string, { folder, announced }: PackageFolder): Publisher => {
  const name = ['--model', announced.model ?? '', '--version', announced.version ?? ''];
  const child: ChildProcess = spawn(
    process.execPath,
    ['cli/main.ts', 'release', 'publish', folder, ...name, '--server', server],
    { cwd: repository, env: { ...process.env, SLUICE_ADMIN_KEY: adminKey }, stdio: 'ignore' },
  );
  return {
    ended: once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : undefined)),
    kill: () => void child.kill('SIGKILL'),
  };
};

/** Digest by version of all that the store holds; everything in it is read whole. @throws where something is broken */
export const wholeReleases = async (url: string, model: string): Promise<Map<string, string>> => {
  const store = openStore(url);
  if (!(await listModels(store)).includes(model)) return new Map();
  const versions = await listVersions(store, model);
  const read = versions.map(async (version) => {
    const { digest } = await readRelease(store, model, version);
    return [version, digest] as const;
  });
  return new Map(await Promise.all(read));
};

/** Names in a model's folder that are no releases. */
export const strangersIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => !/^\d+(\.\d+\.\d+)?$/.test(name));
