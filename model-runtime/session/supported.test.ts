import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { supported } from '@sluice/kernel/release/onnx-operators';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { loadOnnxRuntime } from './onnx-runtime.ts';

const ort = loadOnnxRuntime();
const model = identityModel([{ datatype: 'FP32', shape: ['N'] }]);

/** Unsigned LEB128, of small numbers. */
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, value >> 7]);

/** Of two files in a row the later one's ir_version counts; opset_import has both. */
const withIr = (version: number): Uint8Array =>
  Buffer.concat([model, Uint8Array.from([8, ...varint(version)])]);
const withOpset = (domain: string, version: number): Uint8Array => {
  const name = Buffer.from(domain === 'ai.onnx' ? '' : domain);
  const opset = Buffer.concat([
    Uint8Array.from([10, name.length]),
    name,
    Uint8Array.from([16, ...varint(version)]),
  ]);
  return Buffer.concat([model, Uint8Array.from([66, opset.length]), opset]);
};

const isLoaded = async (bytes: Uint8Array): Promise<boolean> => {
  try {
    const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
    await session.release();
    return true;
  } catch {
    return false;
  }
};

test('the version that messages name is the one that is installed', () => {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  assert.equal(version.split('.').slice(0, 2).join('.'), supported.onnxRuntime);
});

test('the newest file format that is let through is the newest that ONNX Runtime reads', async () => {
  assert.equal(await isLoaded(withIr(supported.irVersion)), true);
  assert.equal(await isLoaded(withIr(supported.irVersion + 1)), false);
});

for (const [domain, highest] of supported.opsets)
  test(`the newest opset of ${domain} that is let through is the newest that ONNX Runtime computes`, async () => {
    assert.equal(await isLoaded(withOpset(domain, highest)), true);
    assert.equal(await isLoaded(withOpset(domain, highest + 1)), false);
  });
