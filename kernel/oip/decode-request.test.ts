import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelInferRequest } from '@sluice/protos/gen/inference/ModelInferRequest';
import { loadProtos } from '@sluice/protos/load';
import { SluiceError } from '../errors/sluice-error.ts';
import { decodeRequest } from './decode-request.ts';

const codec = loadProtos().inference.ModelInferRequest;
/** Over the wire and back, so that defaults are as the doors see them. */
const decode = (message: ModelInferRequest) => decodeRequest(codec.deserialize(codec.serialize(message)));

const raw = Buffer.from(new Float32Array([1, 2]).buffer);
const input = { name: 'x', datatype: 'FP32', shape: [1, 2] };

test('raw inputs, wanted outputs, id and parameters arrive', () => {
  const request = decode({
    modelName: 'm',
    modelVersion: '2',
    id: 'r-1',
    inputs: [input],
    outputs: [{ name: 'y' }],
    rawInputContents: [raw],
    parameters: {
      priority: { uint64Param: 3 },
      timeout: { int64Param: 1_500 },
      entity_id: { stringParam: 'e-1' },
      triton_enable_empty_final_response: { boolParam: true },
      anything_else: { doubleParam: 1.5 },
    },
  });
  assert.deepEqual(request, {
    model: 'm',
    version: '2',
    id: 'r-1',
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: raw }],
    outputs: ['y'],
    parameters: {
      priority: 3,
      timeoutUs: 1_500,
      entityId: 'e-1',
      sent: {
        priority: 3,
        timeout: 1_500,
        entity_id: 'e-1',
        triton_enable_empty_final_response: true,
        anything_else: 1.5,
      },
    },
  });
});

test('typed contents arrive as the same raw bytes', () => {
  const request = decode({
    modelName: 'm',
    inputs: [
      { ...input, contents: { fp32Contents: [1, 2] } },
      { name: 's', datatype: 'BYTES', shape: [], contents: { bytesContents: [Buffer.from('ab')] } },
    ],
  });
  assert.deepEqual(Buffer.from(request.inputs[0]?.data ?? []), raw);
  assert.deepEqual(Buffer.from(request.inputs[1]?.data ?? []), Buffer.from('\x02\0\0\0ab'));
});

test('without parameters the priority is 0, and a timeout of 0 is none', () => {
  const none = { priority: 0, timeoutUs: undefined, entityId: undefined };
  assert.deepEqual(decode({ modelName: 'm' }).parameters, none);
  assert.deepEqual(decode({ modelName: 'm', parameters: { timeout: { int64Param: 0 } } }).parameters, {
    ...none,
    sent: { timeout: 0 },
  });
});

test('an empty input needs neither raw nor typed contents', () => {
  const { inputs } = decode({ modelName: 'm', inputs: [{ name: 'x', datatype: 'FP32', shape: [0, 2] }] });
  assert.deepEqual(inputs, [{ name: 'x', datatype: 'FP32', shape: [0, 2], data: new Uint8Array() }]);
});

const withParameter = (name: string, value: object): ModelInferRequest => ({
  modelName: 'm',
  parameters: { [name]: value },
});

const bad: readonly [what: string, message: ModelInferRequest, path: string, expected: RegExp][] = [
  [
    'raw and typed contents mixed',
    {
      modelName: 'm',
      inputs: [input, { ...input, name: 'z', contents: { fp32Contents: [1, 2] } }],
      rawInputContents: [raw],
    },
    'inputs.z.contents',
    /exclude each other/,
  ],
  [
    'fewer raw contents than inputs',
    { modelName: 'm', inputs: [input, input], rawInputContents: [raw] },
    'raw_input_contents',
    /expected 2 for 2 inputs, got 1/,
  ],
  [
    'more raw contents than inputs',
    { modelName: 'm', inputs: [], rawInputContents: [raw] },
    'raw_input_contents',
    /expected 0 for 0 inputs, got 1/,
  ],
  [
    'FP16 typed',
    { modelName: 'm', inputs: [{ ...input, datatype: 'FP16', contents: { fp32Contents: [1, 2] } }] },
    'inputs.x.contents',
    /FP16 has no typed contents/,
  ],
  [
    'a datatype that is none',
    { modelName: 'm', inputs: [{ ...input, datatype: 'fp32' }], rawInputContents: [raw] },
    'inputs.x.datatype',
    /'fp32' is no datatype of the protocol/,
  ],
  [
    'a negative dimension',
    { modelName: 'm', inputs: [{ ...input, shape: [-1, 2] }], rawInputContents: [raw] },
    'inputs.x.shape',
    /(0 or more|at least 0), got \[-1,2\]/,
  ],
  [
    'a dimension beyond 32 bits',
    { modelName: 'm', inputs: [{ ...input, shape: ['9223372036854775807'] }], rawInputContents: [raw] },
    'inputs.x.shape',
    /0 or more|at least 0/,
  ],
  [
    'an unknown triton_ parameter',
    withParameter('triton_magic', { boolParam: true }),
    'parameters.triton_magic',
    /not understood/,
  ],
  [
    'a priority that is a string',
    withParameter('priority', { stringParam: 'high' }),
    'parameters.priority',
    /expected a whole number of at least 0, got high/,
  ],
  [
    'a negative timeout',
    withParameter('timeout', { int64Param: -1 }),
    'parameters.timeout',
    /at least 0, got -1/,
  ],
  [
    'a timeout beyond 2^53',
    withParameter('timeout', { uint64Param: '18446744073709551615' }),
    'parameters.timeout',
    /whole number/,
  ],
  [
    'an entity id that is a number',
    withParameter('entity_id', { int64Param: 7 }),
    'parameters.entity_id',
    /expected a string, got 7/,
  ],
];

for (const [what, message, path, expected] of bad) {
  test(`a request is refused: ${what}`, () => {
    assert.throws(
      () => decode(message),
      (error) => {
        assert.ok(error instanceof SluiceError);
        assert.equal(error.code, 'INVALID_INPUT');
        assert.equal(error.violations[0]?.path, path);
        assert.match(error.violations[0].message, expected);
        return true;
      },
    );
  });
}

test('without a model name the request cannot be read', () => {
  assert.throws(() => decode({ inputs: [input] }), { code: 'MALFORMED_REQUEST' });
});

test('every fault is reported at once', () => {
  const message = {
    modelName: 'm',
    inputs: [
      { ...input, datatype: 'FLOAT' },
      { ...input, shape: [-1] },
    ],
    parameters: { triton_magic: { boolParam: true }, priority: { doubleParam: 0.5 } },
  };
  assert.throws(
    () => decode(message),
    (error) => {
      assert.ok(error instanceof SluiceError);
      assert.equal(error.violations.length, 4);
      return true;
    },
  );
});
