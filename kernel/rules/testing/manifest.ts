import { stringify } from 'yaml';
import { parseManifest } from '../../release/manifest.ts';

/** A release of which tests change one thing or the other. */

export const signature = {
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 3] },
    { name: 'k', datatype: 'BYTES', shape: [-1, 1] },
  ],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
  maxBatchSize: 8,
} as const;

export const features = [
  { name: 'power', type: 'number', required: true, tensor: 'x', column: 0 },
  { name: 'age', type: 'number', tensor: 'x', column: 1 },
  { name: 'ratio', type: 'number', derived: 'power / age', tensor: 'x', column: 2 },
  { name: 'vehicle', type: 'category', default: 'none', tensor: 'k' },
];
export const rule = { when: 'power > 100', code: 'TOO_STRONG', message: 'too strong' };

export const manifestOf = (more: object) =>
  parseManifest(
    stringify({
      apiVersion: 'sluice/v1',
      model: 'm',
      version: '1.0.0',
      features,
      outputs: {
        price: { tensor: 'y' },
        low: { tensor: 'y', labels: ['a', 'b'], cutoff: { parameter: 'cut', default: 0.5 } },
      },
      ...more,
    }),
  );
