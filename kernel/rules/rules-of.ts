import { compileDecoder, type DecodeFeatures } from '../features/decode-features.ts';
import type { ModelParameters } from '../features/name-outputs.ts';
import type { Features } from '../features/value.ts';
import type { Release } from '../release/release.ts';
import { isNullable } from './compile-derived.ts';
import { compileRules } from './compile-rules.ts';
import { deriveOver, judgeOver, type Refusal } from './judge.ts';
import { type Declared, namedFeatures, parametersOf } from './names-of.ts';

/** The rules of a release at work. What they throw is SluiceError RULE_FAILED, and names the rule or feature. */
export interface Rules {
  readonly hasDerived: boolean;
  readonly judgesInput: boolean;
  readonly judgesOutput: boolean;
  /** Steps that one row takes at most. */
  readonly steps: number;
  /** Codes that a refusal may have. */
  readonly codes: readonly string[];
  /** What tensors say of the features that rules may name, row by row. */
  readonly decode: DecodeFeatures;
  /** Features that fit the release → those with the derived ones. */
  readonly derive: (given: Features) => Features;
  /** By all features, derived ones too; undefined: no rule refuses. */
  readonly judgeInput: (features: Features, parameters: ModelParameters) => Refusal | undefined;
  /** By the same and the named outputs. */
  readonly judgeOutput: (
    features: Features,
    outputs: Features,
    parameters: ModelParameters,
  ) => Refusal | undefined;
}

const empty: Declared['manifest'] = { features: [], outputs: {}, constants: {}, parameters: {}, rules: [] };

/** The rules of a release. @throws Error whose message names every fault of its expressions. */
export const rulesOf = (release: Release): Rules => {
  const manifest = release.manifest ?? empty;
  const compiled = compileRules({ signature: release.signature, manifest });
  if ('faults' in compiled) throw new Error(`sluice.yaml: ${compiled.faults.join('; ')}`);
  const { derived, types, onInput, onOutput, steps } = compiled.value;
  const named = namedFeatures(manifest.features);
  const missing = new Set(Object.keys(types).filter((name) => isNullable(types[name])));
  const parts = { release, named, parameters: parametersOf({ manifest }) };
  const judgeInput = judgeOver(onInput, parts);
  const judgeOutput = judgeOver(onOutput, parts);
  return {
    hasDerived: derived.length > 0,
    judgesInput: onInput.length > 0,
    judgesOutput: onOutput.length > 0,
    steps,
    codes: [...onInput, ...onOutput].map(({ code }) => code),
    decode: compileDecoder(release, named, missing),
    derive: deriveOver(derived, parts),
    judgeInput: (features, revision) => judgeInput(features, revision),
    judgeOutput: (features, outputs, revision) => judgeOutput(features, revision, outputs),
  };
};
