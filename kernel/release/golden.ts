import { checkFeatures } from '../features/check-features.ts';
import { compileEncoder } from '../features/encode-features.ts';
import { featuresOf } from '../features/features-of.ts';
import { nameOutputs } from '../features/name-outputs.ts';
import type { FeatureValue } from '../features/value.ts';
import { packValues, unpackValues } from '../tensor/json-values.ts';
import { checkInputs } from '../tensor/signature.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { GoldenCase, GoldenTensor } from './read-golden.ts';
import type { Release } from './release.ts';

const packed = ({ name, datatype, shape, data }: GoldenTensor): Tensor => {
  const bytes = packValues(datatype, data);
  if ('error' in bytes) throw new Error(`${name}: ${bytes.error}`);
  return { name, datatype, shape, data: bytes.value };
};

/** The input tensors of a case. @throws Error naming the case when its input does not fit the release. */
export const encodeGolden = (release: Release, golden: GoldenCase): Tensor[] => {
  if ('inputs' in golden) return checkInputs(release.signature, golden.inputs.map(packed));
  const faults = checkFeatures(featuresOf(release), golden.features);
  if (faults.length > 0)
    throw new Error(
      `golden case '${golden.name}': ${faults.map((f) => `${f.path}: ${f.message}`).join('; ')}`,
    );
  return compileEncoder(release)(golden.features);
};

/** @throws Error naming the case, the output, what was expected and what came. */
export const checkGolden = (release: Release, golden: GoldenCase, outputs: readonly Tensor[]): void => {
  const came = Array.isArray(golden.outputs) ? plainOutputs(outputs) : nameOutputs(release, outputs, {});
  const expected: Record<string, FeatureValue> = Array.isArray(golden.outputs)
    ? Object.fromEntries(golden.outputs.map(({ name, data }) => [name, data as FeatureValue]))
    : golden.outputs;
  for (const [name, value] of Object.entries(expected)) {
    if (agree(value, came[name] ?? null, golden.tolerance)) continue;
    throw new Error(
      `golden case '${golden.name}': ${name}: expected ${JSON.stringify(value)}, got ${JSON.stringify(came[name])}`,
    );
  }
};

const plainOutputs = (outputs: readonly Tensor[]): Record<string, FeatureValue> =>
  Object.fromEntries(
    outputs.map(({ name, datatype, data }) => {
      const values = unpackValues(datatype, data);
      return [
        name,
        'error' in values
          ? null
          : values.value.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
      ];
    }),
  );

/** Numbers may differ by the tolerance, relative to their size where that is above 1; the rest must be equal. */
const agree = (expected: FeatureValue, came: FeatureValue, tolerance: number): boolean => {
  if (typeof expected === 'number' && typeof came === 'number') {
    return Math.abs(expected - came) <= tolerance * Math.max(1, Math.abs(expected));
  }
  if (expected === null || came === null || typeof expected !== 'object' || typeof came !== 'object')
    return expected === came;
  const other = came as Readonly<Record<string, FeatureValue>>;
  return Object.entries(expected).every(([key, value]) => agree(value, other[key] ?? null, tolerance));
};
