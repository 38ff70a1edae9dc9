import { invalidInput, type SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Features, FeatureValue } from '@sluice/kernel/features/value';

/** As deep as the gateway follows JSON. */
const maxDepth = 64;

/** The path from here to a value that is none, and what is wrong with it. */
type Found = { readonly path: string; readonly rule: string; readonly message: string };

const within = (name: string | number, found: Found | undefined): Found | undefined =>
  found && { ...found, path: `.${name}${found.path}` };

const find = (value: FeatureValue | undefined, depth: number): Found | undefined => {
  if (typeof value === 'number')
    return Number.isFinite(value)
      ? undefined
      : { path: '', rule: 'range', message: `expected a number that a double can hold, got ${value}` };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === maxDepth)
    return { path: '', rule: 'type', message: `expected at most ${maxDepth} levels of lists and objects` };
  return Array.isArray(value) ? findInList(value, depth) : findInObject(value as Features, depth);
};

const findInList = (list: readonly FeatureValue[], depth: number): Found | undefined => {
  for (let at = 0; at < list.length; at += 1) {
    const found = find(list[at], depth + 1);
    if (found !== undefined) return within(at, found);
  }
  return undefined;
};

const findInObject = (object: Features, depth: number): Found | undefined => {
  for (const name in object) {
    const found = find(object[name], depth + 1);
    if (found !== undefined) return within(name, found);
  }
  return undefined;
};

/** What makes values none that can be scored: numbers that are not finite, and what is nested without end. */
export const faultOf = (what: string, values: Features): SluiceError | undefined => {
  const found = findInObject(values, 0);
  return found && invalidInput([{ ...found, path: `${what}${found.path}` }]);
};
