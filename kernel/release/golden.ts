import { messageOf } from '../errors/message-of.ts';
import { invalidInput } from '../errors/sluice-error.ts';
import { checkFeatures } from '../features/check-features.ts';
import { compileEncoder } from '../features/encode-features.ts';
import { featuresOf } from '../features/features-of.ts';
import { nameOutputs } from '../features/name-outputs.ts';
import type { Features, FeatureValue } from '../features/value.ts';
import type { Datatype } from '../tensor/datatypes.ts';
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

/** Where a case says no tolerance: relative, and absolute for what is smaller than 1. */
const defaultTolerance = 1e-5;

const encode = (release: Release, golden: GoldenCase): Tensor[] => {
  if ('inputs' in golden) return checkInputs(release.signature, golden.inputs.map(packed));
  const faults = checkFeatures(featuresOf(release), golden.features);
  if (faults.length > 0) throw invalidInput(faults);
  return compileEncoder(release)(golden.features);
};

/** The input tensors of a case. @throws Error naming the case when its input does not fit the release. */
export const encodeGolden = (release: Release, golden: GoldenCase): Tensor[] => {
  try {
    return encode(release, golden);
  } catch (error) {
    throw new Error(`golden case '${golden.name}': ${messageOf(error)}`, { cause: error });
  }
};

/** @throws Error naming the case, the output, what was expected and what came. */
export const checkGolden = (release: Release, golden: GoldenCase, outputs: readonly Tensor[]): void => {
  const came = Array.isArray(golden.outputs) ? plainOutputs(outputs) : nameOutputs(release, outputs, {});
  const expected: Features = Array.isArray(golden.outputs) ? plainGolden(golden.outputs) : golden.outputs;
  for (const [name, value] of Object.entries(expected)) {
    if (agree(value, came[name] ?? null, golden.tolerance)) continue;
    throw new Error(
      `golden case '${golden.name}': ${name}: expected ${JSON.stringify(value)}, got ${JSON.stringify(came[name])}`,
    );
  }
};

const plainGolden = (outputs: readonly GoldenTensor[]): Features =>
  Object.fromEntries(
    outputs.map(({ name, datatype, shape, data }) => [name, { datatype, shape, data: data as FeatureValue }]),
  );

const plainOutputs = (outputs: readonly Tensor[]): Features =>
  Object.fromEntries(
    outputs.map(({ name, datatype, shape, data }) => [
      name,
      { datatype, shape, data: plainData(datatype, data) },
    ]),
  );

const plainData = (datatype: Datatype, data: Uint8Array): FeatureValue => {
  const values = unpackValues(datatype, data);
  if ('error' in values) return null;
  return values.value.map((value) => (typeof value === 'bigint' ? Number(value) : value));
};

/** Numbers may differ by the tolerance; lists are as long as expected; of an object, what is expected counts. */
const agree = (expected: FeatureValue, came: FeatureValue, tolerance: number | undefined): boolean => {
  if (typeof expected === 'number' && typeof came === 'number') {
    return Math.abs(expected - came) <= (tolerance ?? defaultTolerance * Math.max(1, Math.abs(expected)));
  }
  if (expected === null || came === null || typeof expected !== 'object' || typeof came !== 'object')
    return expected === came;
  if (Array.isArray(expected) && Object.keys(came).length !== expected.length) return false;
  const other = came as Features;
  return Object.entries(expected).every(([key, value]) => agree(value, other[key] ?? null, tolerance));
};
