import { messageOf } from '../errors/message-of.ts';
import { invalidInput } from '../errors/sluice-error.ts';
import { compileEncoder } from '../features/encode-features.ts';
import { nameOutputs } from '../features/name-outputs.ts';
import type { Features, FeatureValue } from '../features/value.ts';
import type { Refusal } from '../rules/judge.ts';
import { type Rules, rulesOf } from '../rules/rules-of.ts';
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

/** What a case asks, as the gateway sees it. */
interface Asked {
  /** Features of each row, derived ones too; empty: nothing looks at them. */
  readonly rows: readonly Features[];
  readonly encode: () => Tensor[];
}

/** The golden cases of one release. */
export interface GoldenCases {
  readonly rules: Rules;
  /** Checks a case as a caller's request is. @throws Error where its input does not fit, or a derived feature comes out otherwise */
  readonly ask: (golden: GoldenCase) => Asked;
}

export const compileCases = (release: Release): GoldenCases => {
  const schema = inputSchema(release);
  const encode = compileEncoder(release);
  const rules = rulesOf(release);
  const isJudged = rules.judgesInput || rules.judgesOutput;
  const ask = (golden: GoldenCase): Asked => {
    if ('inputs' in golden) {
      const tensors = checkInputs(release.signature, golden.inputs.map(packed));
      return { rows: isJudged ? rules.decode(tensors) : [], encode: () => tensors };
    }
    const checked = schema.check(golden.features);
    if ('violations' in checked) throw invalidInput(checked.violations);
    const features = rules.derive(checked.value);
    compare(golden.derived ?? {}, features, golden.tolerance);
    return { rows: [features], encode: () => encode(features) };
  };
  return { rules, ask };
};

/** Whatever goes wrong with a case, told with its name. */
export const faultOf = ({ name }: GoldenCase, error: unknown): Error =>
  new Error(`golden case '${name}': ${messageOf(error)}`, { cause: error });

export type EncodeGolden = (golden: GoldenCase) => Tensor[];

/**
 * Compiles what makes the input tensors of a release's golden cases, whatever its rules say of them; they are checked
 * as a caller's are.
 * @throws Error (when encoding) naming the case when its input does not fit the release.
 */
export const compileGoldenEncoder = (release: Release): EncodeGolden => {
  const { ask } = compileCases(release);
  return (golden) => {
    try {
      return ask(golden).encode();
    } catch (error) {
      throw faultOf(golden, error);
    }
  };
};

/** @throws Error naming the case, the output, what was expected and what came. */
export const checkGolden = (release: Release, golden: GoldenCase, outputs: readonly Tensor[]): void =>
  checkNamed(golden, 'inputs' in golden ? plainOutputs(outputs) : nameOutputs(release, outputs, {}));

/**
 * The same for outputs as a caller sees them: by name, or the tensors of a case with tensors.
 * @throws Error naming the case, the output, what was expected and what came.
 */
export const checkNamed = (golden: GoldenCase, came: Features): void => {
  try {
    if ('refusal' in golden) throw new Error(`expected the refusal ${golden.refusal}, it was answered`);
    compare(expectedOf(golden), came, golden.tolerance);
  } catch (error) {
    throw faultOf(golden, error);
  }
};

/** The refusal of a case as it should be. @throws Error naming the case when it expects another one, or an answer. */
export const checkRefusal = (golden: GoldenCase, { code, message }: Refusal): void => {
  const expected = 'refusal' in golden ? golden.refusal : 'an answer';
  if (expected !== code) throw faultOf(golden, `expected ${expected}, it was refused: ${code}: ${message}`);
};

/** What has to come, by the names of the outputs; nothing where a rule has to refuse. */
export const expectedOf = (golden: GoldenCase): Features => {
  if ('refusal' in golden) return {};
  return 'inputs' in golden ? plainGolden(golden.outputs) : golden.outputs;
};

const compare = (expected: Features, came: Features, tolerance: number | undefined): void => {
  for (const [name, value] of Object.entries(expected))
    if (!agree(value, came[name] ?? null, tolerance))
      throw new Error(`${name}: expected ${JSON.stringify(value)}, got ${JSON.stringify(came[name])}`);
};

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
