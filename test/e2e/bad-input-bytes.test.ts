import type { DomainRequest, Row } from './bad-input/row.ts';
import { runRows } from './bad-input/run-rows.ts';

/** A request for `text` with raw BYTES data. */
const rawText = (shape: readonly number[], ...bytes: readonly number[]): DomainRequest => ({
  infer: { model: 'text', inputs: [{ name: 'x0', datatype: 'BYTES', shape, raw: new Uint8Array(bytes) }] },
});

const typedText = (shape: readonly number[], ...values: readonly string[]): DomainRequest => ({
  infer: { model: 'text', inputs: [{ name: 'x0', datatype: 'BYTES', shape, values }] },
});

const invalid = { code: 'INVALID_INPUT', violation: 'inputs.x0.data' } as const;

const rows: readonly Row[] = [
  {
    name: 'BYTES whose length is cut short',
    request: rawText([1], 5, 0, 0),
    message: /inputs.x0.data: BYTES data is truncated: element 0 has no whole length/,
    ...invalid,
  },
  {
    name: 'BYTES whose length is beyond the data',
    request: rawText([1], 5, 0, 0, 0, 97, 98),
    message: /inputs.x0.data: BYTES data is truncated: element 0 should have 5 bytes, 2 are left/,
    ...invalid,
  },
  {
    name: 'BYTES with a length of four gigabytes',
    request: rawText([1], 255, 255, 255, 255, 97),
    message: /inputs.x0.data: BYTES data is truncated: element 0 should have 4294967295 bytes, 1 are left/,
    ...invalid,
  },
  {
    name: 'fewer BYTES elements than the shape says',
    request: rawText([2], 1, 0, 0, 0, 97),
    message: /inputs.x0.data: shape \[2\] needs 2 elements, 1 came/,
    ...invalid,
  },
  {
    name: 'more BYTES elements than the shape says',
    request: typedText([1], 'a', 'b'),
    message: /inputs.x0.data: shape \[1\] needs 1 elements, 2 came/,
    ...invalid,
  },
  {
    name: 'raw BYTES with a NUL',
    request: rawText([2], 1, 0, 0, 0, 97, 2, 0, 0, 0, 98, 0),
    message: /inputs.x0.data\[1\]: BYTES element 1 holds a NUL byte, which ONNX Runtime strings cannot carry/,
    code: 'INVALID_INPUT',
    violation: 'inputs.x0.data[1]',
  },
  {
    name: 'typed BYTES with a NUL',
    request: typedText([1], 'a\0b'),
    message: /inputs.x0.data\[0\]: BYTES element 0 holds a NUL byte, which ONNX Runtime strings cannot carry/,
    code: 'INVALID_INPUT',
    violation: 'inputs.x0.data[0]',
  },
  {
    name: 'BYTES that are not UTF-8',
    request: rawText([1], 2, 0, 0, 0, 0xc3, 0x28),
    message: /inputs.x0.data\[0\]: BYTES element 0 is not UTF-8/,
    code: 'INVALID_INPUT',
    violation: 'inputs.x0.data[0]',
  },
  {
    name: 'a number among strings',
    request: {
      infer: { model: 'text', inputs: [{ name: 'x0', datatype: 'BYTES', shape: [2], values: ['a', 7] }] },
    },
    message: /inputs.x0.*element 1: expected a string, got 7/,
    ...invalid,
    not: { unary: 'bytes_contents cannot say it', stream: 'bytes_contents cannot say it' },
  },
];

runRows('BYTES that do not fit', rows);
