import type { Release } from '@sluice/kernel/release/release';
import type { Break } from './break.ts';
import { featureBreaks } from './feature-breaks.ts';
import { outputBreaks } from './output-breaks.ts';
import { ruleBreaks } from './rule-breaks.ts';
import { rowBreaks, tensorBreaks } from './tensor-breaks.ts';

/** What breaks for callers of `from` when `to` answers them. */
export const breaksBetween = (from: Release, to: Release): Break[] => [
  ...featureBreaks(from, to),
  ...outputBreaks(from.manifest?.outputs ?? {}, to.manifest?.outputs ?? {}),
  ...ruleBreaks(from, to),
  ...tensorBreaks('inputs', from.signature.inputs, to.signature.inputs),
  ...tensorBreaks('outputTensors', from.signature.outputs, to.signature.outputs),
  ...rowBreaks(from.signature.maxBatchSize, to.signature.maxBatchSize),
];
