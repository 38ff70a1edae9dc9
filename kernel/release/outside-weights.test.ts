import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConstantSpec, onnxModel } from '../testing/onnx-model.ts';
import type { OnnxGraph, OnnxModel, OnnxNode } from './onnx-messages.ts';
import { readSignature } from './onnx-signature.ts';
import { refuseOutsideWeights } from './outside-weights.ts';

const constant = (more: Partial<ConstantSpec> = {}): ConstantSpec => ({
  name: 'w',
  datatype: 'FP32',
  shape: [1],
  data: new Uint8Array(4),
  ...more,
});
const withConstant = (spec: ConstantSpec): Uint8Array =>
  onnxModel({
    inputs: [
      { name: 'x', datatype: 'FP32', shape: [1] },
      { name: 'w', datatype: 'FP32', shape: [1] },
    ],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [1] }],
    nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
    constants: [spec],
  });

test('a weight that is also listed as an input is none', () => {
  const { inputs } = readSignature(withConstant(constant()));
  assert.deepEqual(
    inputs.map(({ name }) => name),
    ['x'],
  );
});

test('weights in a file of the same folder are allowed', () => {
  assert.equal(readSignature(withConstant(constant({ location: 'model.onnx.data' }))).inputs.length, 1);
});

for (const location of ['../other/model.data', '/etc/passwd', 'sub/../../x', '..', '.', '']) {
  test(`weights outside the folder are refused: '${location}'`, () => {
    assert.throws(
      () => readSignature(withConstant(constant({ location }))),
      /weights of w lie at .*: external data must lie in the release's own folder/,
    );
  });
}

const outside = { name: 'w', dims: [], externalData: [{ key: 'location', value: '../x' }] };
const emptyGraph: OnnxGraph = { node: [], initializer: [], sparseInitializer: [], input: [], output: [] };
const node = (attribute: Partial<OnnxNode['attribute'][number]>): OnnxNode => ({
  attribute: [{ tensors: [], graphs: [], sparseTensors: [], ...attribute }],
});
const modelOf = (graph: Partial<OnnxGraph>, functions: OnnxModel['functions'] = []): OnnxModel => ({
  graph: { ...emptyGraph, ...graph },
  functions,
  opsetImport: [],
});
const branch = { ...emptyGraph, initializer: [outside] };

const hidden: readonly [what: string, model: OnnxModel][] = [
  ['in an attribute of a node', modelOf({ node: [node({ t: outside })] })],
  ['in a list of tensors', modelOf({ node: [node({ tensors: [outside] })] })],
  ['in a branch of If', modelOf({ node: [node({ g: branch })] })],
  [
    'in a body below a body',
    modelOf({ node: [node({ graphs: [{ ...emptyGraph, node: [node({ g: branch })] }] })] }),
  ],
  ['in a sparse weight', modelOf({ sparseInitializer: [{ values: outside, dims: [] }] })],
  ['in a sparse attribute', modelOf({ node: [node({ sparseTensor: { indices: outside, dims: [] } })] })],
  ['in a function', modelOf({}, [{ node: [node({ t: outside })], opsetImport: [] }])],
  [
    'behind a good place',
    modelOf({
      initializer: [
        {
          name: 'w',
          dims: [],
          externalData: [
            { key: 'location', value: 'a' },
            { key: 'location', value: '/b' },
          ],
        },
      ],
    }),
  ],
];

for (const [what, model] of hidden) {
  test(`weights outside the folder are found ${what}`, () => {
    assert.throws(() => refuseOutsideWeights(model), /weights of w lie at/);
  });
}
