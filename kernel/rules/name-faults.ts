import { isNameable } from '../expressions/names.ts';
import { type Declared, namedFeatures, parametersOf } from './names-of.ts';

/** What rules name beside features and constants. */
const own = ['parameters', 'outputs'];

const badName = (path: string, name: string): string[] =>
  isNameable(name) && !own.includes(name)
    ? []
    : [
        `${path}.${name}: expected a name of letters, digits and underscores that means nothing else in a rule`,
      ];

/** A cut-off has a default for its parameter. */
const cutoffFaults = ({ manifest }: Declared): string[] => {
  const ofCutoffs = parametersOf({ manifest: { ...manifest, parameters: {} } });
  return Object.entries(manifest.parameters)
    .filter(([name, value]) => ofCutoffs[name] !== undefined && ofCutoffs[name] !== value)
    .map(([name, value]) => `parameters.${name}: ${value}, but a cutoff says ${ofCutoffs[name]}`);
};

/** Names that mean two things, or that no expression could say. */
export const nameFaults = (declared: Declared): string[] => {
  const { constants, parameters, outputs, features, rules } = declared.manifest;
  const named = new Set(namedFeatures(features).map(({ name }) => name));
  const hidden = rules.length > 0 ? own.filter((name) => named.has(name)) : [];
  const isAboutNothing = Object.keys(outputs).length === 0 && rules.some(({ on }) => on === 'output');
  return [
    ...Object.keys(constants).flatMap((name) => badName('constants', name)),
    ...Object.keys(parameters).flatMap((name) => badName('parameters', name)),
    ...Object.keys(constants)
      .filter((name) => named.has(name))
      .map((name) => `constants.${name}: there is a feature of that name`),
    ...hidden.map((name) => `features.${name}: in a rule that name means something else`),
    ...cutoffFaults(declared),
    ...(isAboutNothing ? ['rules: the manifest has no outputs that a rule could be about'] : []),
  ];
};
