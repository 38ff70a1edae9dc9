import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onnxFaults } from './onnx-faults.ts';
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './onnx-messages.ts';

const emptyGraph: OnnxGraph = { node: [], initializer: [], sparseInitializer: [], input: [], output: [] };
const node = (opType: string, domain?: string, g?: OnnxGraph): OnnxNode => ({
  opType,
  ...(domain !== undefined && { domain }),
  attribute: g === undefined ? [] : [{ tensors: [], graphs: [], sparseTensors: [], g }],
});
const modelOf = (graph: Partial<OnnxGraph>, more: Partial<OnnxModel> = {}): OnnxModel => ({
  irVersion: 10,
  opsetImport: [{ version: 20 }],
  functions: [],
  ...more,
  graph: { ...emptyGraph, ...graph },
});
const opsets = (...opsetImport: OnnxModel['opsetImport']) => modelOf({}, { opsetImport });
const functionOf = (name: string, body: OnnxNode): OnnxFunction => ({
  name,
  domain: 'pkg.torch',
  node: [body],
  opsetImport: [],
});
const weight = (more: Partial<OnnxTensor>) =>
  modelOf({ initializer: [{ name: 'w', dims: [2], externalData: [], ...more }] });
const external = (...entries: [key: string, value: string][]) =>
  weight({ externalData: entries.map(([key, value]) => ({ key, value })) });

const sizes = new Map([
  ['model.onnx', 100],
  ['w.bin', 64],
]);
const faultsIn = (
  model: OnnxModel,
  customOperators: readonly string[] | undefined = [],
  isNew = false,
): string[] =>
  onnxFaults(model, { sizes, customOperators, isNew }).map(({ file, message }) => `${file} ${message}`);

const good: readonly [what: string, model: OnnxModel, allowed?: readonly string[]][] = [
  [
    "ONNX Runtime's own operators",
    modelOf({ node: [node('Add', 'ai.onnx'), node('Gelu', 'com.microsoft'), node('Scaler', 'ai.onnx.ml')] }),
  ],
  [
    'an operator that a function of the file brings',
    modelOf({ node: [node('f', 'pkg.torch')] }, { functions: [functionOf('f', node('Add'))] }),
  ],
  ['an operator that the manifest allows', modelOf({ node: [node('Foo', 'com.example')] }), ['com.example']],
  ['a domain that is imported and not used', opsets({ version: 20 }, { domain: 'com.example', version: 9 })],
  ['weights at the end of a file', external(['location', 'w.bin'], ['offset', '56'], ['length', '8'])],
];
for (const [what, model, allowed] of good)
  test(`a graph is given to ONNX Runtime: ${what}`, () => {
    assert.deepEqual(faultsIn(model, allowed, true), []);
  });

const custom = node('Foo', 'com.example');
const bad: readonly [what: string, model: OnnxModel, message: RegExp][] = [
  [
    'a newer file format',
    modelOf({}, { irVersion: 14 }),
    /has IR version 14, ONNX Runtime 1\.30 reads up to 13; export/,
  ],
  ['no opset', opsets(), /names no opset/],
  [
    'a newer opset',
    opsets({ version: 27 }),
    /uses opset 27 of ai\.onnx, .* up to 26; export it with an older/,
  ],
  [
    'a newer opset of trees',
    opsets({ version: 20 }, { domain: 'ai.onnx.ml', version: 6 }),
    /6 of ai\.onnx\.ml, .* 5/,
  ],
  [
    'a newer opset of a function',
    modelOf({}, { functions: [{ ...functionOf('f', node('Add')), opsetImport: [{ version: 99 }] }] }),
    /opset 99/,
  ],
  [
    'a custom operator',
    modelOf({ node: [custom] }),
    /^model\.onnx has custom operators of com\.example: Foo; export .*customOperators: \[com\.example\]/,
  ],
  [
    'one in a branch',
    modelOf({ node: [node('If', '', { ...emptyGraph, node: [custom] })] }),
    /com\.example: Foo/,
  ],
  ['one in a function', modelOf({}, { functions: [functionOf('f', custom)] }), /com\.example: Foo/],
  [
    'one beside a function of its domain',
    modelOf({ node: [node('g', 'pkg.torch')] }, { functions: [functionOf('f', node('Add'))] }),
    /of pkg\.torch: g/,
  ],
  [
    'weights that are not there',
    external(['location', 'v.bin']),
    /weights of w lie in v\.bin, which is not in the package/,
  ],
  ['weights in a folder', external(['location', '*/_ORT_MEM_ADDR_/*']), /external data must lie in/],
  ['weights without a place', external(['offset', '0']), /no location is given/],
  [
    'weights behind the end',
    external(['location', 'w.bin'], ['offset', '60'], ['length', '8']),
    /end at byte 68 of w\.bin, which has 64/,
  ],
  [
    'weights before the beginning',
    external(['location', 'w.bin'], ['offset', '-8']),
    /'-8' is no number of bytes/,
  ],
  ['weights of no length', external(['location', 'w.bin'], ['length', '1e3']), /'1e3' is no number of bytes/],
  [
    'weights of an absurd shape',
    weight({ dims: [1e6, 1e6] }),
    /shape \[1000000,1000000\], but model\.onnx has only 100 bytes/,
  ],
  [
    'the same of another file',
    weight({ dims: [400], externalData: [{ key: 'location', value: 'w.bin' }] }),
    /w\.bin has only 64/,
  ],
  ['weights of a negative shape', weight({ dims: [-1] }), /no size is negative/],
  [
    'sparse weights of an absurd shape',
    modelOf({ sparseInitializer: [{ dims: [1e6, 1e6] }] }),
    /sparse weights of {2}have the shape/,
  ],
];
for (const [what, model, message] of bad)
  test(`a graph is not given to ONNX Runtime: ${what}`, () => {
    const faults = faultsIn(model);
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0] ?? '', message);
  });

test('what ONNX Runtime does not promise is refused of what is new, and loaded of what is there', () => {
  assert.deepEqual(faultsIn(opsets({ version: 6 })), []);
  assert.match(
    faultsIn(opsets({ version: 6 }), [], true).join(),
    /promises 7 to 26; export it with a newer opset/,
  );
});

test('what a manifest allows for nothing is named, and nothing is where it could not be read', () => {
  assert.match(
    faultsIn(modelOf({}), ['com.example']).join(),
    /^sluice\.yaml the graph has no custom operators of/,
  );
  assert.deepEqual(
    onnxFaults(modelOf({ node: [custom] }), { sizes, customOperators: undefined, isNew: true }),
    [],
  );
});

test('every fault of a graph is named at once, of thousands the first ones', () => {
  const initializer = Array.from({ length: 5000 }, () => ({ name: 'w', dims: [1e9], externalData: [] }));
  const faults = faultsIn(
    modelOf({ initializer, node: [custom] }, { irVersion: 99, opsetImport: [{ version: 99 }] }),
  );
  assert.equal(faults.length, 11);
});
