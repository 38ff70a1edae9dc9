import { parseManifest } from '@sluice/kernel/release/manifest';
import type { Release } from '@sluice/kernel/release/release';
import type { TensorSpec } from '@sluice/kernel/tensor/tensor';
import { stringify } from 'yaml';
import { compareReleases } from '../compare-releases.ts';

export const x: TensorSpec = { name: 'x', datatype: 'FP32', shape: [-1, 2] };
export const k: TensorSpec = { name: 'k', datatype: 'BYTES', shape: [-1] };
export const y: TensorSpec = { name: 'y', datatype: 'FP32', shape: [-1, 1] };

/** What a test says of a release; the rest is usual. */
export interface Parts {
  readonly features?: readonly object[];
  readonly outputs?: object;
  readonly inputs?: readonly TensorSpec[];
  readonly answers?: readonly TensorSpec[];
  readonly maxBatchSize?: number;
  readonly more?: object;
}

export const age = { name: 'age', type: 'number', unit: 'years', tensor: 'x' };
export const word = { name: 'word', type: 'category', tensor: 'k' };
export const kind = { name: 'kind', type: 'category', values: ['car', 'van'], tensor: 'k' };
export const price = { tensor: 'y', unit: 'EUR' };
export const leaves = { tensor: 'y', labels: ['no', 'yes'] };
/** A rule of one of them. */
export const rule = { code: 'TOO_OLD', when: 'age > 99', message: 'too old' };

const usual = { features: [age, kind], outputs: { price, leaves } };

export const release = (parts: Parts): Release => {
  const {
    features,
    outputs,
    inputs = [x, k],
    answers = [y],
    maxBatchSize = 64,
    more,
  } = { ...usual, ...parts };
  const least = { apiVersion: 'sluice/v1', model: 'm', version: '1.0.0' };
  return {
    model: 'm',
    version: '1.0.0',
    digest: 'sha256:0',
    manifest: parseManifest(stringify({ ...least, features, outputs, ...more })),
    signature: { inputs, outputs: answers, maxBatchSize },
    batching: { maxSize: maxBatchSize, preferredSizes: [], maxDelayMs: 0 },
  };
};
export const between = (from: Parts, to: Parts) => compareReleases(release(from), release(to));
