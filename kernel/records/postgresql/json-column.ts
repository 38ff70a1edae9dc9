import type { Struct__Output } from '@sluice/protos/gen/google/protobuf/Struct';
import type { Value__Output } from '@sluice/protos/gen/google/protobuf/Value';
import { withoutNul } from './column-text.ts';

/** In characters: what is larger is in the record only. */
const maxLength = 1_048_576;
/** PostgreSQL's parser, and more so PGlite's, ends at some depth of the stack. */
const maxDepth = 64;

class TooDeep extends Error {}

/** jsonb takes neither NUL nor half of a surrogate pair. */
const jsonString = (text: string): string => JSON.stringify(withoutNul(text).toWellFormed());

const structText = (struct: Struct__Output | null | undefined, depth: number): string => {
  if (depth > maxDepth) throw new TooDeep();
  let text = '';
  for (const [name, value] of Object.entries(struct?.fields ?? {}))
    text += `${text === '' ? '' : ','}${jsonString(name)}:${valueText(value, depth + 1)}`;
  return `{${text}}`;
};

const valueText = (value: Value__Output, depth: number): string => {
  if (depth > maxDepth) throw new TooDeep();
  switch (value.kind) {
    case 'numberValue':
      // JSON has no NaN and no infinity; JSON.stringify makes them null, too.
      return Number.isFinite(value.numberValue) ? String(value.numberValue) : 'null';
    case 'stringValue':
      return jsonString(value.stringValue ?? '');
    case 'boolValue':
      return String(value.boolValue);
    case 'listValue':
      return `[${(value.listValue?.values ?? []).map((each) => valueText(each, depth + 1)).join(',')}]`;
    case 'structValue':
      return structText(value.structValue, depth + 1);
    default:
      return 'null';
  }
};

const bounded = (write: () => string): string | undefined => {
  try {
    const text = write();
    return text.length > maxLength ? undefined : text;
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
};

/** Text that jsonb takes; undefined: there is none, or it is too long or too deep for a column. */
export const structColumn = (struct: Struct__Output | null | undefined): string | undefined =>
  struct ? bounded(() => structText(struct, 0)) : undefined;

export const valueColumn = (value: Value__Output | null): string | undefined =>
  value ? bounded(() => valueText(value, 0)) : undefined;
