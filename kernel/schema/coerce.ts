import type { Features, FeatureValue } from '../features/value.ts';
import type { Feature, SingleFeature } from '../release/manifest-features.ts';

/** A number as JSON writes it, or as people do. */
const numberForm = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Longer texts are no numbers that anybody means. */
const maxNumberLength = 64;

const toNumber = (text: string): number | string => {
  if (text.length > maxNumberLength || !numberForm.test(text)) return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
};

const toBoolean = (text: string): boolean | string =>
  text === 'true' || text === 'false' ? text === 'true' : text;

const coerced = ({ type }: SingleFeature, value: FeatureValue | undefined): FeatureValue | undefined => {
  if (type === 'category') return typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof value !== 'string') return value;
  return type === 'number' ? toNumber(value) : toBoolean(value);
};

export type Coerce = (given: Features) => Features;

/**
 * Takes values of another type for what they say, where a feature declares it: strings for numbers and booleans,
 * numbers for categories. What says no such value stays as it is.
 */
export const compileCoercion = (features: readonly Feature[]): Coerce => {
  const declared = features.filter(
    (feature): feature is SingleFeature => feature.type !== 'tensor' && feature.coerce,
  );
  if (declared.length === 0) return (given) => given;
  return (given) => {
    const changed = declared.flatMap((feature): (readonly [string, FeatureValue])[] => {
      const before = given[feature.name];
      const after = coerced(feature, before);
      return after === undefined || after === before ? [] : [[feature.name, after]];
    });
    return changed.length === 0 ? given : { ...given, ...Object.fromEntries(changed) };
  };
};
