import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import type { Record as RecordMessage } from '@sluice/protos/gen/sluice/v1/Record';
import { codecs } from '../testing/records.ts';
import { encodeRecord } from './encode-record.ts';

const mebibyte = 1024 * 1024;
const tensor = (name: string, bytes: number) => ({
  name,
  datatype: 'UINT8',
  shape: [bytes],
  raw: Buffer.alloc(bytes, 1),
});
const encoded = (message: RecordMessage, maxBytes: number) => {
  const bytes = encodeRecord(codecs, message, maxBytes);
  return { bytes, record: codecs.record.decode(bytes) };
};

test('an input that is small enough stays, whatever else is in the record', () => {
  const input = { tensors: { tensors: [tensor('x', 90)] } };
  const { record } = encoded({ input, requestId: 'r'.repeat(500) }, 110);
  assert.equal(record.input?.tensors?.tensors[0]?.raw.length, 90);
  assert.equal(record.notReplayable, '');
});

test('of a larger one the digest and the sizes stay, and that it cannot be run again', () => {
  const input = { tensors: { tensors: [tensor('x', 100), tensor('y', 200)] } };
  const { record } = encoded({ model: 'm', input }, 110);
  const whole = codecs.input.encode(input);
  assert.deepEqual(record.input?.omitted, {
    digest: `sha256:${createHash('sha256').update(whole).digest('hex')}`,
    size: whole.length,
    sizes: { x: 100, y: 200 },
  });
  assert.equal(record.notReplayable, `the input has ${whole.length} bytes, more than may be recorded`);
  assert.equal(record.model, 'm');
});

test('features have sizes too', () => {
  const { record } = encoded({ input: { features: toStruct({ a: 'x'.repeat(300), b: 1 }) } }, 50);
  const { a = 0, b = 0 } = record.input?.omitted?.sizes ?? {};
  assert.ok(a > 300 && b > 0 && b < 50, `${a} ${b}`);
});

test('no input at all is kept where none may be', () => {
  const { record } = encoded({ input: { features: toStruct({ a: 1 }) } }, 0);
  assert.ok(record.input?.omitted);
});

test('what is too large for the log goes without its outputs, and says so', () => {
  const outcome = { tensors: { tensors: [tensor('y', mebibyte)] } };
  const { bytes, record } = encoded({ outcome, input: { features: toStruct({ a: 1 }) } }, 1_000);
  assert.ok(bytes.length < mebibyte);
  assert.equal(record.outcome?.tensors?.tensors[0]?.raw.length, 0);
  assert.deepEqual(record.outcome?.tensors?.tensors[0]?.shape, [mebibyte]);
  assert.match(record.warnings[0] ?? '', /what was answered is not in it/);
  assert.ok(record.input?.features);
});

test('parameters that are too large go last', () => {
  const { bytes, record } = encoded({ parameters: toStruct({ p: 'x'.repeat(2 * mebibyte) }) }, 1_000);
  assert.ok(bytes.length < mebibyte);
  assert.equal(record.parameters, null);
  assert.match(record.warnings.join(), /the parameters of the request are not in it/);
  assert.notEqual(record.notReplayable, '');
});
