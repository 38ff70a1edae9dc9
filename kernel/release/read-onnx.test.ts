import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityModel } from '../testing/onnx-model.ts';
import { readOnnxModel } from './read-onnx.ts';

const model = identityModel([{ datatype: 'FP32', shape: ['N', 3] }]);

/** Unsigned LEB128. */
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];
/** A field with bytes in it. */
const field = (number: number, content: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.from([...varint((number << 3) | 2), ...varint(content.length)]), content]);

/** graph { node { attribute { g { node { attribute { g … */
const nested = (levels: number): Uint8Array => {
  let graph: Uint8Array = new Uint8Array();
  for (let level = 0; level < levels; level += 1) graph = field(1, field(5, field(6, graph)));
  return field(7, graph);
};

test('what is nested as graphs are is read', () => {
  assert.equal(readOnnxModel(nested(30)).graph.node.length, 1);
});

test('a graph that is there twice is one, as ONNX Runtime reads it', () => {
  const { graph } = readOnnxModel(Buffer.concat([field(7, field(1, new Uint8Array())), model]));
  assert.equal(graph.node.length, 2);
});

const tooMany = Buffer.alloc(1_200_000, Uint8Array.of((1 << 3) | 2, 0));
const dims = field(7, field(5, field(1, new Uint8Array(600_000))));
const gzip = Uint8Array.of(0x1f, 0x8b, 8, 0);
const bad: readonly [what: string, bytes: Uint8Array, message: RegExp][] = [
  ['nothing', new Uint8Array(), /^model\.onnx: this is not an ONNX model: it is empty$/],
  ['a graph cut short', model.subarray(0, -1), /it is truncated or no protobuf message$/],
  ['no graph', field(2, Buffer.from('me')), /it has no graph$/],
  ['a pointer of Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1'), /run git lfs pull/],
  ['a checkpoint of PyTorch', Buffer.from('PK\x03\x04 archive/data.pkl'), /ZIP archive, as PyTorch/],
  ['a pickle', Uint8Array.of(0x80, 4, 0x95, 0), /a Python pickle; export the model/],
  ['something compressed', gzip, /compressed by gzip; packages are not compressed/],
  ['a page', Buffer.from('<!doctype html>'), /HTML or XML/],
  ['what is too deep', nested(40), /^model\.onnx: its messages are nested deeper than 100$/],
  ['what is far too deep', nested(2000), /nested deeper than 100$/],
  ['very many nodes', field(7, tooMany), /has more than 500000 nodes, attributes and names$/],
  ['very many dimensions', dims, /has more than 500000/],
  ['a group that never ends', Uint8Array.of((7 << 3) | 3), /truncated/],
];
for (const [what, bytes, message] of bad)
  test(`a file is no ONNX model: ${what}`, () => {
    assert.throws(() => readOnnxModel(bytes), { code: 'PACKAGE_INVALID', message });
  });
