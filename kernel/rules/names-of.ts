import {
  type Constant,
  isNameable,
  type Names,
  type NameType,
  nameable,
  type ScalarKind,
} from '../expressions/names.ts';
import type { Manifest } from '../release/manifest.ts';
import { derivedOf, type Feature, type SingleFeature } from '../release/manifest-features.ts';
import type { Output } from '../release/manifest-outputs.ts';
import type { Release } from '../release/release.ts';
import type { TensorSpec } from '../tensor/tensor.ts';

/** What the expressions of a release may name, and of which types it is. */

export type Declared = Pick<Release, 'signature'> & {
  readonly manifest: Pick<Manifest, 'features' | 'outputs' | 'constants' | 'parameters' | 'rules'>;
};

const kindOfFeature = { number: 'number', boolean: 'boolean', category: 'string' } as const;

const isScalar = (feature: Feature): feature is SingleFeature => feature.type !== 'tensor';

/** Features that expressions may name: no lists, whose length callers choose. */
export const namedFeatures = (features: readonly Feature[]): SingleFeature[] =>
  features.filter(isScalar).filter(({ name }) => isNameable(name));

/** A derived one is missing where one that it is computed of is; that is found out when it is compiled. */
export const typeOfFeature = (feature: SingleFeature): NameType => ({
  kind: kindOfFeature[feature.type],
  nullable:
    (!feature.required || feature.nullable === true) &&
    feature.default === undefined &&
    derivedOf(feature) === undefined,
});

export const constantsOf = ({ manifest }: Declared): Record<string, Constant> => nameable(manifest.constants);

/** Declared ones, and those of the cut-offs. */
export const parametersOf = ({
  manifest: { parameters, outputs },
}: Pick<Declared, 'manifest'>): Record<string, number | string | boolean> => {
  const ofCutoffs = Object.values(outputs).flatMap((output) =>
    'cutoff' in output ? [[output.cutoff.parameter, output.cutoff.default] as const] : [],
  );
  return { ...Object.fromEntries(ofCutoffs), ...parameters };
};

const kindOfTensor = (name: string, specs: readonly TensorSpec[]): ScalarKind => {
  const { datatype } = specs.find((spec) => spec.name === name) ?? {};
  if (datatype === 'BYTES') return 'string';
  return datatype === 'BOOL' ? 'boolean' : 'number';
};

const number: NameType = { kind: 'number' };

const typeOfOutput = (output: Output, specs: readonly TensorSpec[]): NameType => {
  if ('fields' in output) return { kind: 'object', fields: typesOfOutputs(output.fields, specs) };
  if ('lower' in output) {
    const level = output.level === undefined ? {} : { level: number };
    return { kind: 'object', fields: { lower: number, upper: number, ...level } };
  }
  if ('top' in output) return { kind: 'list', maxItems: output.top };
  if ('labels' in output) return { kind: 'string' };
  return { kind: kindOfTensor(output.tensor, specs) };
};

const typesOfOutputs = (
  outputs: Readonly<Record<string, Output>>,
  specs: readonly TensorSpec[],
): Record<string, NameType> =>
  nameable(
    Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, typeOfOutput(output, specs)])),
  );

/** What rules may name; `features` are those of the release with their types. */
export const namesOfRules = (
  declared: Declared,
  features: Readonly<Record<string, NameType>>,
  on: 'input' | 'output',
): Names => {
  const parameters = Object.entries(nameable(parametersOf(declared))).map(
    ([name, value]) => [name, { kind: typeof value as ScalarKind }] as const,
  );
  const outputs = typesOfOutputs(declared.manifest.outputs, declared.signature.outputs);
  return {
    variables: {
      ...features,
      parameters: { kind: 'object', fields: Object.fromEntries(parameters) },
      ...(on === 'output' ? { outputs: { kind: 'object', fields: outputs } } : {}),
    },
    constants: constantsOf(declared),
  };
};
