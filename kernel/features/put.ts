import type { FeatureValue } from './value.ts';

/** A name such as __proto__ is a name like any other. */
export const put = (into: Record<string, FeatureValue>, name: string, value: FeatureValue): void => {
  if (name !== '__proto__') into[name] = value;
  else Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
};
