import type { Violation } from '../errors/sluice-error.ts';
import type { CategoryFeature, Feature } from '../release/manifest-features.ts';
import { type Features, type FeatureValue, shown } from './value.ts';

type Scalar = Exclude<Feature, { type: 'tensor' }>;

const wrongType = ({ name }: Feature, expected: string, value: FeatureValue): Violation[] => [
  { path: `features.${name}`, rule: 'type', message: `expected ${expected}, got ${shown(value)}` },
];

const checkCategory = (feature: CategoryFeature, value: FeatureValue): Violation[] => {
  if (typeof value !== 'string') return wrongType(feature, 'a string', value);
  const nul = value.indexOf('\0');
  if (nul !== -1) {
    const message = `expected a string without NUL, which ONNX Runtime strings cannot carry, got one at character ${nul}`;
    return [{ path: `features.${feature.name}`, rule: 'text', message }];
  }
  const { values, unknown } = feature;
  if (values === undefined || unknown === 'pass' || values.includes(value)) return [];
  const message = `expected one of ${values.join(', ')}, got ${shown(value)}`;
  return [{ path: `features.${feature.name}`, rule: 'enum', message }];
};

const checkScalar = (feature: Scalar, value: FeatureValue): Violation[] => {
  if (feature.type === 'category') return checkCategory(feature, value);
  if (feature.type === 'boolean')
    return typeof value === 'boolean' ? [] : wrongType(feature, 'true or false', value);
  if (typeof value !== 'number') return wrongType(feature, 'a number', value);
  return Number.isFinite(value) ? [] : wrongType(feature, 'a finite number', value);
};

const missing = ({ name, type }: Feature): Violation => ({
  path: `features.${name}`,
  rule: 'required',
  message: `missing; expected a ${type}`,
});

const checkUnknown = (declared: readonly Feature[], given: Features): Violation[] => {
  const known = new Set(declared.map(({ name }) => name));
  const message = `unknown feature; the release has ${[...known].join(', ')}`;
  const strange = Object.keys(given).filter((name) => !known.has(name));
  return strange.map((name) => ({ path: `features.${name}`, rule: 'unknown', message }));
};

/** Every fault of named features against those that the release declares; lists are checked when they are encoded. */
export const checkFeatures = (declared: readonly Feature[], given: Features): Violation[] => {
  const faults: Violation[] = [];
  let found = 0;
  for (const feature of declared) {
    const value = given[feature.name];
    if (value !== undefined) found += 1;
    if (value === undefined || value === null) {
      if (feature.required) faults.push(missing(feature));
    } else if (feature.type !== 'tensor') {
      faults.push(...checkScalar(feature, value));
    }
  }
  if (found < Object.keys(given).length) faults.push(...checkUnknown(declared, given));
  return faults;
};
