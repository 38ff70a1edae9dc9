import { invalidInput } from '@sluice/kernel/errors/sluice-error';
import { type Features, type FeatureValue, shown } from '@sluice/kernel/features/value';

const wholeNumber = (name: string, value: FeatureValue | undefined): number | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalidInput([
    {
      path: `parameters.${name}`,
      rule: 'type',
      message: `expected a whole number of at least 0, got ${shown(value)}`,
    },
  ]);
};

/** Parameters of Predict with a meaning: `priority` (lower is more urgent) and `timeout` (µs), as in the Open Inference Protocol. */
export const predictParameters = (given: Features): { priority: number; timeoutUs: number | undefined } => ({
  priority: wholeNumber('priority', given['priority']) ?? 0,
  timeoutUs: wholeNumber('timeout', given['timeout']) || undefined,
});
