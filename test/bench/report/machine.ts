import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../support/process.ts';

/** What the command prints in its first line; undefined where it is not there. */
export const versionOf = (command: string, args: readonly string[]): string | undefined => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')[0]
      ?.trim();
  } catch {
    return undefined;
  }
};

const packageVersion = (name: string): string => {
  const text = readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
};

const pinned = (name: string): string => {
  const text = readFileSync(join(import.meta.dirname, '../python/requirements.txt'), 'utf8');
  return new RegExp(`^${name}==(.+)$`, 'm').exec(text)?.[1] ?? 'unknown';
};

/** The machine, and the versions of all that takes part. */
export const describeMachine = (): { readonly machine: string; readonly versions: string } => {
  const memory = Math.round(totalmem() / 2 ** 30);
  const versions = [
    `Node ${process.versions.node}`,
    `onnxruntime-node ${packageVersion('onnxruntime-node')}`,
    `grpc-js ${packageVersion('@grpc/grpc-js')}`,
    `MLServer ${pinned('mlserver')}`,
    `onnxruntime ${pinned('onnxruntime')}`,
    `grpcio ${pinned('grpcio')}`,
    versionOf('h2load', ['--version']),
    `commit ${versionOf('git', ['-C', repository, 'rev-parse', '--short', 'HEAD']) ?? 'unknown'}`,
  ];
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GiB, ${type()}`,
    versions: versions.filter((version) => version !== undefined).join(', '),
  };
};
