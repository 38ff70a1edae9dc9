import type { Features } from '@sluice/kernel/features/value';
import type { DomainRequest, FeatureRequest, InputSpec, TensorRequest } from './row.ts';

export const x0: InputSpec = { name: 'x0', datatype: 'FP32', shape: [1, 3], values: [1, 2, 3] };
export const x1: InputSpec = { name: 'x1', datatype: 'INT64', shape: [1], values: [4] };

/** A request for `pair`, with what is wrong in it. */
export const pair = (wrong: Partial<TensorRequest> = {}): DomainRequest => ({
  infer: { model: 'pair', inputs: [x0, x1], ...wrong },
});

/** `pair` with its first input changed. */
export const withX0 = (wrong: Partial<InputSpec>): DomainRequest =>
  pair({ inputs: [{ ...x0, ...wrong }, x1] });

/** `pair` with raw contents, the first input changed. */
export const withRawX0 = (raw: Uint8Array, wrong: Partial<InputSpec> = {}): DomainRequest => {
  const [first, second] = [
    { name: 'x0', datatype: 'FP32', shape: [1, 3] },
    { name: 'x1', datatype: 'INT64', shape: [1] },
  ];
  return pair({
    inputs: [
      { ...first, raw, ...wrong },
      { ...second, raw: new Uint8Array(8) },
    ],
  });
};

export const goodFeatures: Features = { income: 1000, region: 'north' };

/** A prediction by `loan`, with features added to good ones. */
export const loan = (wrong: Features = {}, more: Partial<FeatureRequest> = {}): DomainRequest => ({
  predict: { model: 'loan', features: { ...goodFeatures, ...wrong }, ...more },
});

/** A request for `slow`: about half a second at size 1024. */
export const slowInfer = (sizes: readonly number[], index = 0): TensorRequest => ({
  model: 'slow',
  inputs: [
    { name: 'index', datatype: 'INT64', shape: [1], values: [index] },
    { name: 'size', datatype: 'INT64', shape: [1, sizes.length], values: sizes },
  ],
});

/** A good request in the form of another one. */
export const goodOne = (request: DomainRequest): DomainRequest => ('infer' in request ? pair() : loan());
