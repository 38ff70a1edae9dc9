import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf } from '@sluice/kernel/tensor/numbers';
import { parseInfer } from './parse-infer.ts';

type Json = Readonly<Record<string, unknown>>;

const input = (more: Json = {}): Json => ({ name: 'x', datatype: 'FP32', shape: [2], ...more });
const parse = (json: unknown) => parseInfer(Buffer.from(JSON.stringify(json)), '');
const parseBinary = (json: unknown, binary: Uint8Array, length?: string) => {
  const header = Buffer.from(JSON.stringify(json));
  return parseInfer(Buffer.concat([header, binary]), length ?? String(header.length));
};
const floats = (...values: number[]): Uint8Array => bytesOf(Float32Array.from(values));

const errorOf = (result: ReturnType<typeof parseInfer>) => {
  assert.ok('error' in result, 'it was read');
  return result.error;
};

const sized = (size: unknown): Json => ({ inputs: [input({ parameters: { binary_data_size: size } })] });

for (const [what, result, code, message] of [
  ['no inputs', parse({}), 'MALFORMED_REQUEST', /^inputs: /],
  ['a list', parse([]), 'MALFORMED_REQUEST', /^the body: .*object/],
  ['an input without a name', parse({ inputs: [{}] }), 'MALFORMED_REQUEST', /inputs\[0\]\.name: /],
  [
    'a header beyond the body',
    parseBinary({}, floats(), '999'),
    'MALFORMED_REQUEST',
    /is 999, but the body has 2/,
  ],
  ['a header that is no number', parseBinary({}, floats(), '-1'), 'MALFORMED_REQUEST', /got '-1'/],
  ['too few bytes', parseBinary(sized(8), floats(1)), 'MALFORMED_REQUEST', /size of 8, but 4 bytes are left/],
  [
    'bytes left over',
    parseBinary(sized(4), floats(1, 2)),
    'MALFORMED_REQUEST',
    /4 bytes .* belong to no input/,
  ],
  ['a negative size', parseBinary(sized(-4), floats(1)), 'MALFORMED_REQUEST', /inputs\.x.*got -4/],
  ['a size that is no number', parseBinary(sized('4'), floats(1)), 'MALFORMED_REQUEST', /got "4"/],
  [
    'a flag that is none',
    parse({ parameters: { binary_data_output: 1 }, inputs: [] }),
    'MALFORMED_REQUEST',
    /got 1/,
  ],
  [
    'too few elements',
    parse({ inputs: [input({ data: [1] })] }),
    'INVALID_INPUT',
    /needs 2 elements, 1 came/,
  ],
  ['a string in a number', parse({ inputs: [input({ data: [1, 'a'] })] }), 'INVALID_INPUT', /element 1.*"a"/],
  ['null in a number', parse({ inputs: [input({ data: [1, null] })] }), 'INVALID_INPUT', /element 1.*null/],
  [
    'data that is no list',
    parse({ inputs: [input({ data: 1 })] }),
    'INVALID_INPUT',
    /expected a list, got number/,
  ],
  [
    'lists too deep',
    parse({ inputs: [input({ data: [[1, 2]] })] }),
    'INVALID_INPUT',
    /deeper than the 1 dim/,
  ],
  [
    'no data',
    parse({ inputs: [input()] }),
    'INVALID_INPUT',
    /expected data, or parameters\.binary_data_size/,
  ],
  ['FP16 in JSON', parse({ inputs: [input({ datatype: 'FP16', data: [1, 2] })] }), 'INVALID_INPUT', /binary/],
  [
    'an unknown datatype',
    parse({ inputs: [input({ datatype: 'FP8' })] }),
    'INVALID_INPUT',
    /'FP8' is no datatype/,
  ],
  ['a negative dimension', parse({ inputs: [input({ shape: [-1] })] }), 'INVALID_INPUT', /got \[-1\]/],
  ['half a dimension', parse({ inputs: [input({ shape: [1.5] })] }), 'INVALID_INPUT', /got \[1\.5\]/],
  [
    'a foreign triton parameter',
    parse({ parameters: { triton_x: 1 }, inputs: [] }),
    'INVALID_INPUT',
    /triton_x/,
  ],
  [
    'data twice',
    parseBinary({ inputs: [input({ data: [1, 2], parameters: { binary_data_size: 8 } })] }, floats(1, 2)),
    'INVALID_INPUT',
    /exclude each other/,
  ],
  [
    'shared memory',
    parse({ inputs: [input({ parameters: { shared_memory_region: 'r' } })] }),
    'UNIMPLEMENTED',
    /inputs\.x\.parameters\.shared_memory_region/,
  ],
  [
    'classification',
    parse({ inputs: [], outputs: [{ name: 'y', parameters: { classification: 3 } }] }),
    'UNIMPLEMENTED',
    /outputs\.y\.parameters\.classification/,
  ],
] as const) {
  test(`${what}: ${code}`, () => {
    const error = errorOf(result);
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });
}

test('every input at fault is named', () => {
  const inputs = [
    input({ data: [1] }),
    input({ name: 'y', datatype: 'FP8' }),
    input({ name: 'z', data: [1, 2] }),
  ];
  const paths = errorOf(parse({ inputs })).violations.map(({ path }) => path);
  assert.deepEqual(paths, ['inputs.x.data', 'inputs.y.datatype']);
});
