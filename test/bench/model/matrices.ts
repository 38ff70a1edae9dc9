import { onnxModel } from '@sluice/kernel/testing/onnx-model';

/**
 * A model without a batch axis that computes as long as one likes: x·xᵀ, and then that matrix times itself so many
 * times over. With every element of x equal to 1/√size each product is the same matrix again, and the sum of its
 * elements is `size`.
 */
export const matrixModel = (size: number, products: number): Uint8Array => {
  const step = (index: number) => `m${index}`;
  return onnxModel({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [size, 1] }],
    outputs: [{ name: 'sum', datatype: 'FP32', shape: [] }],
    nodes: [
      { op: 'Transpose', inputs: ['x'], outputs: ['xt'], attributes: { perm: [1, 0] } },
      { op: 'MatMul', inputs: ['x', 'xt'], outputs: [step(0)] },
      ...Array.from({ length: products }, (_, index) => ({
        op: 'MatMul',
        inputs: [step(index), step(0)],
        outputs: [step(index + 1)],
      })),
      { op: 'ReduceSum', inputs: [step(products)], outputs: ['sum'], attributes: { keepdims: 0 } },
    ],
  });
};

/** About 1.2 ms in ONNX Runtime, on the machine that the page shows. */
export const steady = { name: 'steady', size: 128, products: 32 } as const;
/** About 30 ms. */
export const slow = { name: 'slow', size: 256, products: 96 } as const;
