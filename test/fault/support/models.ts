import { identityModel, onnxModel } from '@sluice/kernel/testing/onnx-model';

/** Answers the number it was asked with, so that an answer to another's question shows. */
export const echoModel = (): Uint8Array => identityModel([{ datatype: 'FP32', shape: ['N', 1] }]);

/** Answers the row it was asked with: for messages of a size of one's choice. */
export const wideEchoModel = (): Uint8Array => identityModel([{ datatype: 'FP32', shape: ['N', 'M'] }]);

/** Answers the logarithm, which is NaN for numbers below zero. */
export const logModel = (): Uint8Array =>
  onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N'] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N'] }],
    nodes: [{ op: 'Log', inputs: ['x'], outputs: ['y'] }],
  });

/** Answers the numbers it was asked with, but leaves out those above zero: its rows do not follow the batch. */
export const droppingModel = (): Uint8Array =>
  onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N'] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N'] }],
    constants: [{ name: 'zero', datatype: 'FP32', shape: [1], data: new Uint8Array(4) }],
    nodes: [
      { op: 'LessOrEqual', inputs: ['x', 'zero'], outputs: ['kept'] },
      { op: 'Compress', inputs: ['x', 'kept'], outputs: ['y'], attributes: { axis: 0 } },
    ],
  });

/** Matrix products one after the other. */
const products = 64;

/**
 * Computes as long as one likes: `products` products of two matrices of the size asked for. [4096,4096]
 * takes minutes, the zeros of the warm-up nothing.
 */
export const slowModel = (): Uint8Array => {
  const step = (index: number) => `m${index}`;
  return onnxModel({
    inputs: [{ name: 'size', datatype: 'INT64', shape: [2] }],
    outputs: [{ name: 'sum', datatype: 'FP32', shape: [] }],
    nodes: [
      { op: 'ConstantOfShape', inputs: ['size'], outputs: [step(0)] },
      ...Array.from({ length: products }, (_, index) => ({
        op: 'MatMul',
        inputs: [step(index), step(0)],
        outputs: [step(index + 1)],
      })),
      {
        op: 'ReduceSum',
        inputs: [step(products)],
        outputs: ['sum'],
        attributes: { keepdims: 0 },
      },
    ],
  });
};
