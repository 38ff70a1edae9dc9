import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@sluice/kernel/release/digest';
import type { Package__Output } from '@sluice/protos/gen/sluice/v1/Package';
import fc from 'fast-check';
import { parseAnnounced } from './announced.ts';

const bounds = { maxBytes: 1_000, maxFiles: 3 };
const file = (path: string, size = 1) => ({ path, size, sha256: sha256(Buffer.from(path)) });

const given = (change: Partial<Package__Output> = {}): Package__Output => ({
  model: 'm',
  version: '1.0.0',
  files: [file('model.onnx')],
  by: 'ada@lab',
  digest: '',
  noWait: false,
  ...change,
});

test('a package is announced by the digest that its files must have', () => {
  const parsed = parseAnnounced(given(), bounds);
  assert.ok('value' in parsed);
  const { digest } = parsed.value;
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(parseAnnounced(given({ digest }), bounds), parsed);
});

test('a SHA-256 in capital letters is the same one', () => {
  const files = [file('model.onnx')].map((each) => ({ ...each, sha256: each.sha256.toUpperCase() }));
  assert.deepEqual(parseAnnounced(given({ files }), bounds), parseAnnounced(given(), bounds));
});

test('who does not say who publishes is unknown', () => {
  const parsed = parseAnnounced(given({ by: ' ' }), bounds);
  assert.ok('value' in parsed);
  assert.equal(parsed.value.by, 'unknown');
});

test('all faults are told at once', () => {
  const parsed = parseAnnounced(given({ model: '.', version: 'x', by: '\n', files: [] }), bounds);
  assert.ok('error' in parsed);
  assert.deepEqual(
    parsed.error.map(({ path }) => path),
    ['model', 'version', 'by', 'files'],
  );
});

test('the bounds themselves are allowed', () => {
  const files = [file('a', 500), file('b', 500), file('c', 0)];
  assert.ok('value' in parseAnnounced(given({ files }), bounds));
  assert.ok('error' in parseAnnounced(given({ files: [...files.slice(0, 2), file('c', 1)] }), bounds));
});

test('no path that is taken leads out of the package, whatever was announced', () => {
  const part = fc.constantFrom('..', '.', '', 'a', '/', '\\', 'a.b', '\u0000', '.x', 'ü', '~');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const parsed = parseAnnounced(given({ files: [file(parts.join('/'))] }), bounds);
      if ('error' in parsed) return;
      const [{ path = '' } = {}] = parsed.value.files;
      assert.match(path, /^[^/.\\\0][^/\\\0]*(\/[^/.\\\0][^/\\\0]*)*$/);
    }),
  );
});
