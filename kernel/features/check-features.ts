import type { Violation } from '../errors/sluice-error.ts';
import type { CategoryFeature, Feature } from '../release/manifest.ts';
import { type Features, type FeatureValue, shown } from './value.ts';

type Scalar = Exclude<Feature, { type: 'tensor' }>;

const wrongType = (path: string, expected: string, value: FeatureValue): Violation[] => [
  { path, rule: 'type', message: `expected ${expected}, got ${shown(value)}` },
];

const checkCategory = (feature: CategoryFeature, path: string, value: FeatureValue): Violation[] => {
  if (typeof value !== 'string') return wrongType(path, 'a string', value);
  const nul = value.indexOf('\0');
  if (nul !== -1) {
    const message = `expected a string without NUL, which ONNX Runtime strings cannot carry, got one at character ${nul}`;
    return [{ path, rule: 'text', message }];
  }
  const { values, unknown } = feature;
  if (values === undefined || unknown === 'pass' || values.includes(value)) return [];
  return [{ path, rule: 'enum', message: `expected one of ${values.join(', ')}, got ${shown(value)}` }];
};

const checkScalar = (feature: Scalar, path: string, value: FeatureValue): Violation[] => {
  if (feature.type === 'category') return checkCategory(feature, path, value);
  if (feature.type === 'boolean')
    return typeof value === 'boolean' ? [] : wrongType(path, 'true or false', value);
  if (typeof value !== 'number') return wrongType(path, 'a number', value);
  return Number.isFinite(value) ? [] : wrongType(path, 'a finite number', value);
};

/** Every fault of named features against those that the release declares; lists are checked when they are encoded. */
export const checkFeatures = (declared: readonly Feature[], given: Features): Violation[] => {
  const faults: Violation[] = [];
  const known = new Set<string>();
  for (const feature of declared) {
    known.add(feature.name);
    const path = `features.${feature.name}`;
    const value = given[feature.name];
    if (value === undefined || value === null) {
      if (feature.required)
        faults.push({ path, rule: 'required', message: `missing; expected a ${feature.type}` });
    } else if (feature.type !== 'tensor') {
      faults.push(...checkScalar(feature, path, value));
    }
  }
  const strange = Object.keys(given).filter((name) => !known.has(name));
  const message = strange.length === 0 ? '' : `unknown feature; the release has ${[...known].join(', ')}`;
  for (const name of strange) faults.push({ path: `features.${name}`, rule: 'unknown', message });
  return faults;
};
