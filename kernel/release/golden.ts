import { messageOf } from '../errors/message-of.ts';
import { invalidInput } from '../errors/sluice-error.ts';
import { compileEncoder } from '../features/encode-features.ts';
import { nameOutputs } from '../features/name-outputs.ts';
import type { Features, FeatureValue } from '../features/value.ts';
import { inputSchema } from '../schema/input-schema.ts';
import type { Datatype } from '../tensor/datatypes.ts';
import { packValues, unpackValues } from '../tensor/json-values.ts';
import { checkInputs } from '../tensor/signature.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { agree } from './golden-difference.ts';
import type { GoldenCase, GoldenTensor } from './read-golden.ts';
import type { Release } from './release.ts';

const packed = ({ name, datatype, shape, data }: GoldenTensor): Tensor => {
  const bytes = packValues(datatype, data);
  if ('error' in bytes) throw new Error(`${name}: ${bytes.error}`);
  return { name, datatype, shape, data: bytes.value };
};

export type EncodeGolden = (golden: GoldenCase) => Tensor[];

const compileCases = (release: Release): EncodeGolden => {
  const schema = inputSchema(release);
  const encode = compileEncoder(release);
  return (golden) => {
    if ('inputs' in golden) return checkInputs(release.signature, golden.inputs.map(packed));
    const checked = schema.check(golden.features);
    if ('violations' in checked) throw invalidInput(checked.violations);
    return encode(checked.value);
  };
};

/**
 * Compiles what makes the input tensors of a release's golden cases; they are checked as a caller's are.
 * @throws Error (when encoding) naming the case when its input does not fit the release.
 */
export const compileGoldenEncoder = (release: Release): EncodeGolden => {
  const encode = compileCases(release);
  return (golden) => {
    try {
      return encode(golden);
    } catch (error) {
      throw new Error(`golden case '${golden.name}': ${messageOf(error)}`, { cause: error });
    }
  };
};

/** @throws Error naming the case, the output, what was expected and what came. */
export const checkGolden = (release: Release, golden: GoldenCase, outputs: readonly Tensor[]): void =>
  checkNamed(
    golden,
    Array.isArray(golden.outputs) ? plainOutputs(outputs) : nameOutputs(release, outputs, {}),
  );

/**
 * The same for outputs as a caller sees them: by name, or the tensors of a case with tensors.
 * @throws Error naming the case, the output, what was expected and what came.
 */
export const checkNamed = (golden: GoldenCase, came: Features): void => {
  for (const [name, value] of Object.entries(expectedOf(golden))) {
    if (agree(value, came[name] ?? null, golden.tolerance)) continue;
    throw new Error(
      `golden case '${golden.name}': ${name}: expected ${JSON.stringify(value)}, got ${JSON.stringify(came[name])}`,
    );
  }
};

/** What has to come, by the names of the outputs. */
export const expectedOf = ({ outputs }: GoldenCase): Features =>
  Array.isArray(outputs) ? plainGolden(outputs) : outputs;

const plainGolden = (outputs: readonly GoldenTensor[]): Features =>
  Object.fromEntries(
    outputs.map(({ name, datatype, shape, data }) => [name, { datatype, shape, data: data as FeatureValue }]),
  );

/** Tensors as `expectedOf` has them. */
export const plainOutputs = (outputs: readonly Tensor[]): Features =>
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
