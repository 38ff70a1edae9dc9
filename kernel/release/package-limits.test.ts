import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { supported } from './onnx-operators.ts';
import {
  defaultPackageLimits,
  manifestLimits,
  maxBytesInMemory,
  nameLimits,
  onnxLimits,
} from './package-limits.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/releases.md'), 'utf8');

const gibibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 30)} GiB`;
const mebibytes = (path: string): string => `${(maxBytesInMemory.get(path) ?? 0) / 2 ** 20} MiB`;
const { maxPartBytes, maxPathBytes, maxParts } = nameLimits;
const { maxBytes, maxTokens, maxDepth, maxAliases } = manifestLimits;
const opsets = [...supported.opsets].filter(([domain]) => domain !== 'com.microsoft.nchwc');

const rows: readonly [rule: string, bound: string][] = [
  [
    'differ in more than case or Unicode form',
    `${maxPartBytes} bytes a part, ${maxPathBytes} in all, ${maxParts} parts`,
  ],
  ['| files', `${defaultPackageLimits.maxFiles}; a gateway's \`PUBLISH_MAX_FILES\``],
  ['bytes of a file', gibibytes(defaultPackageLimits.maxFileBytes)],
  [
    'bytes of all files',
    `${gibibytes(defaultPackageLimits.maxTotalBytes)}; a gateway's \`PUBLISH_MAX_BYTES\``,
  ],
  ['put weights into files beside it', gibibytes(maxBytesInMemory.get('model.onnx') ?? 0)],
  ['bytes of `golden.jsonl`', mebibytes('golden.jsonl')],
  ['bytes of `config.pbtxt`, `schema.json`', mebibytes('schema.json')],
  [
    'text of `sluice.yaml`',
    `${maxBytes / 1024} KiB, ${maxTokens} words and signs, ${maxDepth} levels, ${maxAliases} aliases`,
  ],
  ['messages of `model.onnx`', `${onnxLimits.maxMessages}, ${onnxLimits.maxDepth} levels`],
  ['sparse ones, which are made dense', `2^${Math.log2(onnxLimits.maxDenseElements)} elements`],
  [
    `ONNX Runtime ${supported.onnxRuntime} computes`,
    `IR ${supported.irVersion}; ${opsets.map((each) => each.join(' ')).join(', ')}`,
  ],
  ['ONNX Runtime promises to compute', `ai.onnx ${supported.lowestOpset} and later`],
];

for (const [rule, bound] of rows)
  test(`docs/releases.md has the bound of a package that the code has: ${rule}`, () => {
    const found = page
      .split('\n')
      .filter((line) => line.includes(`${rule}`) && line.includes(`| ${bound} |`));
    assert.equal(found.length, 1, bound);
  });
