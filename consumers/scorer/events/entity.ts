import { isUtf8 } from 'node:buffer';
import { invalidInput } from '@sluice/kernel/errors/sluice-error';
import { type Features, type FeatureValue, shown } from '@sluice/kernel/features/value';
import { compilePointer } from './pointer.ts';
import type { Read } from './read-json.ts';

/** What no text that is meant to be one has, but numbers that are keys of eight bytes do. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f]/;

/**
 * An event's key as text: as it is when it is UTF-8 without control characters, else its bytes in hexadecimal digits;
 * empty when there is none.
 */
export const textOfKey = (key: Buffer | null): string => {
  if (key === null) return '';
  const text = isUtf8(key) ? key.toString('utf8') : undefined;
  return text === undefined || control.test(text) ? key.toString('hex') : text;
};

const expected = 'expected a text that is not empty, a number or a boolean';

/** Why a value names no entity. */
const faultOf = (value: FeatureValue | undefined): string | undefined => {
  if (value === undefined) return `it is not there, ${expected}`;
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    return `expected a whole number below 2^53, or a text: JSON's numbers lose the last digits of larger ones`;
  const isName = typeof value === 'number' ? Number.isFinite(value) : typeof value === 'boolean';
  return isName || (typeof value === 'string' && value !== '')
    ? undefined
    : `${expected}, got ${shown(value)}`;
};

/** What a pointer into the event says who it is about: text, numbers and booleans, as text. */
export const compileEntity = (pointer: string): ((event: Features) => Read<string>) => {
  const get = compilePointer(pointer);
  return (event) => {
    const value = get(event);
    const fault = faultOf(value);
    return fault === undefined
      ? { value: String(value) }
      : { error: invalidInput([{ path: `key ${pointer}`, rule: 'required', message: fault }]) };
  };
};
