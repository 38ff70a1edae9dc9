import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
export const workspaces = ['protos', 'kernel', 'gateway', 'model-runtime', 'consumers', 'cli', 'test'];

const packages = [
  '@aws-sdk/client-s3',
  '@duckdb/node-api',
  '@electric-sql/pglite',
  '@fastify/static',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  '@grpc/reflection',
  '@marcbachmann/cel-js',
  '@opentelemetry/sdk-node',
  'ajv',
  'ajv-formats',
  'commander',
  'fast-check',
  'fastify',
  'fs-native-extensions',
  'hyparquet-writer',
  'kafkajs',
  'kysely',
  'left-out',
  'lmdb',
  'onnxruntime-node',
  'pg',
  'prom-client',
  'protobufjs',
  'snappy',
  'zod',
];

export function write(tree: string, path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

function statement(imported: string, index: number): string {
  const isType = imported.startsWith('type ');
  const from = isType ? imported.slice('type '.length) : imported;
  return isType
    ? `import type * as imported${index} from '${from}';\nexport type Type${index} = typeof imported${index};\n`
    : `import * as imported${index} from '${from}';\nexport const value${index} = imported${index};\n`;
}

function writePackage(tree: string, folder: string, manifest: object): void {
  write(tree, join(folder, 'package.json'), JSON.stringify(manifest));
}

/** Hollow packages, and workspaces that are linked as npm does it. */
function writePackages(tree: string): void {
  for (const name of packages) {
    writePackage(tree, `node_modules/${name}`, { name, main: 'index.js' });
    write(tree, `node_modules/${name}/index.js`, 'exports.value = 1;\n');
  }
  const declared = packages.filter((name) => name !== 'fast-check' && name !== 'left-out');
  const names = [...declared, ...workspaces.map((name) => `@sluice/${name}`)];
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  mkdirSync(join(tree, 'node_modules/@sluice'));
  for (const name of workspaces) {
    writePackage(tree, name, { name: `@sluice/${name}`, exports: { './*': './*.ts' }, dependencies });
    symlinkSync(join(tree, name), join(tree, 'node_modules/@sluice', name));
  }
  writePackage(tree, '.', { type: 'module', workspaces, devDependencies: { 'fast-check': '1.0.0' } });
}

/** An otherwise empty folder with our rules and these imports. The caller removes it. */
export function makeTree(imports: readonly (readonly [file: string, imported: string])[]): string {
  const tree = mkdtempSync(join(tmpdir(), 'sluice-imports-'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(join(root, file), join(tree, file));
  writePackages(tree);
  const texts = new Map<string, string>();
  for (const [index, [file, imported]] of imports.entries()) {
    texts.set(file, (texts.get(file) ?? '') + statement(imported, index));
  }
  for (const [file, text] of texts) write(tree, file, text);
  return tree;
}
