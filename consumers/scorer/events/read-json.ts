import { isUtf8 } from 'node:buffer';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { type Features, type FeatureValue, shown } from '@sluice/kernel/features/value';
import { refusedJson } from '@sluice/kernel/json/json-bounds';

export type Read<Value> = { readonly value: Value } | { readonly error: SluiceError };

export const malformed = (message: string): { readonly error: SluiceError } => ({
  error: new SluiceError('MALFORMED_REQUEST', message),
});

/** V8 tells no place of an unexpected character, but shows what is around it. */
const unplaced = /^(Unexpected token '.+?'), .* is not valid JSON$/su;

const parseFault = (text: string): string => {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return messageOf(error);
  }
};

/** Where it is: the shortest beginning of the text that has it. */
const placeOf = (text: string): number => {
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (unplaced.test(parseFault(text.slice(0, middle)))) bad = middle;
    else good = middle;
  }
  return good;
};

/** Longer ones are not parsed over and over. */
const maxPlacedCharacters = 65_536;

const placed = (text: string, message: string): string => {
  if (text.length > maxPlacedCharacters) return message;
  const [, what] = unplaced.exec(message) ?? [];
  if (what !== undefined) return `${what} at position ${placeOf(text)}`;
  return message === 'Unexpected end of JSON input' ? `${message} at position ${text.length}` : message;
};

const parse = (text: string): Read<unknown> => {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return malformed(`the value is not JSON: ${placed(text, messageOf(error))}`);
  }
};

/** The value of an event as a JSON object; of fields of one name the last counts. */
export const readJson = (value: Buffer): Read<Features> => {
  if (value.length === 0) return malformed('the value is empty, expected a JSON object');
  if (!isUtf8(value)) return malformed('the value is not UTF-8');
  const refused = refusedJson(value);
  if (refused !== undefined) return malformed(`the value ${refused}`);
  const parsed = parse(value.toString('utf8'));
  if ('error' in parsed) return parsed;
  const given = parsed.value as FeatureValue;
  return typeof given === 'object' && given !== null && !Array.isArray(given)
    ? { value: given as Features }
    : malformed(`the value is JSON, but ${shown(given)}; expected an object`);
};
