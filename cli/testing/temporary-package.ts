import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { onnxModel } from '@sluice/kernel/testing/onnx-model';
import { stringify } from 'yaml';

/** `total` is the sum of the features `a` and `b`: numbers in x [N,2]. */
export const sumModel = (): Uint8Array =>
  onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
    nodes: [{ op: 'ReduceSum', inputs: ['x', 'axes'], outputs: ['y'], attributes: { keepdims: 1 } }],
    constants: [
      { name: 'axes', datatype: 'INT64', shape: [1], data: new Uint8Array(new BigInt64Array([1n]).buffer) },
    ],
  });

export const sumManifest = {
  apiVersion: 'sluice/v1',
  model: 'sum',
  version: '1.0.0',
  features: [
    { name: 'a', type: 'number', required: true, tensor: 'x', column: 0 },
    { name: 'b', type: 'number', required: true, tensor: 'x', column: 1 },
  ],
  outputs: { total: { tensor: 'y' } },
};

/** A folder for files, which goes with the test. */
export const temporaryFolder = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A package of the sum in a folder of its own, with other files and other keys of the manifest if told so. */
export const sumPackage = (
  t: TestContext,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  manifest: object = {},
): string => {
  const folder = temporaryFolder(t);
  const whole = {
    'model.onnx': sumModel(),
    'sluice.yaml': stringify({ ...sumManifest, ...manifest }),
    ...files,
  };
  for (const [name, content] of Object.entries(whole)) writeFileSync(join(folder, name), content);
  return folder;
};
