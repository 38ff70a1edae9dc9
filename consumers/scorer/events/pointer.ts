import { put } from '@sluice/kernel/features/put';
import type { Features, FeatureValue } from '@sluice/kernel/features/value';

/** Looks something up in an event; undefined: it is not there. */
export type Getter = (event: Features) => FeatureValue | undefined;

/** An index of a list as RFC 6901 writes it: without leading zeros. */
const index = /^(?:0|[1-9]\d*)$/;

const step = (value: FeatureValue | undefined, token: string): FeatureValue | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  // A list has properties that are no elements, and every object some that it inherits.
  if (Array.isArray(value) && !index.test(token)) return undefined;
  return Object.hasOwn(value, token) ? (value as Features)[token] : undefined;
};

/**
 * A JSON Pointer (RFC 6901) as a function. The npm packages split the pointer at each look-up and follow inherited
 * properties, such as `constructor`; this does neither.
 */
export const compilePointer = (pointer: string): Getter => {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [only] = tokens;
  if (tokens.length === 1 && only !== undefined) return (event) => step(event, only);
  return (event) => tokens.reduce<FeatureValue | undefined>(step, event);
};

const nothing: Features = {};

/** Picks out of an event what the pointers find; what is not there is left out. */
export const compileMapping = (
  pointers: Readonly<Record<string, string>>,
): ((event: Features) => Features) => {
  if (Object.keys(pointers).length === 0) return () => nothing;
  const getters = Object.entries(pointers).map(([name, pointer]) => [name, compilePointer(pointer)] as const);
  return (event) => {
    const picked: Record<string, FeatureValue> = {};
    for (const [name, get] of getters) {
      const value = get(event);
      if (value !== undefined) put(picked, name, value);
    }
    return picked;
  };
};
