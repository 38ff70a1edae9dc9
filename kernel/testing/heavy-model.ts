import { onnxModel } from './onnx-model.ts';

/** Side of the matrices that are multiplied, and how often: some ten milliseconds in all. */
const side = 160;
const products = 32;

/** Takes its time whatever it is asked: `y` is a sum that `x` cannot change. */
export const heavyModel = (): Uint8Array => {
  const step = (index: number) => `m${index}`;
  return onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [] }],
    constants: [
      { name: 'zeros', datatype: 'FP32', shape: [side, side], data: new Uint8Array(4 * side * side) },
    ],
    nodes: [
      { op: 'Mul', inputs: ['zeros', 'x'], outputs: [step(0)] },
      ...Array.from({ length: products }, (_, index) => ({
        op: 'MatMul',
        inputs: [step(index), step(0)],
        outputs: [step(index + 1)],
      })),
      { op: 'ReduceSum', inputs: [step(products)], outputs: ['y'], attributes: { keepdims: 0 } },
    ],
  });
};
