import type { z } from 'zod';
import { nearMiss } from '../schema/near-miss.ts';
import { fieldSchemaOf, knownFields, schemaAt, valueAt } from './field-schema.ts';
import { expectedAt, type Held, quoted, unexpected } from './field-words.ts';
import { type FoundUnion, findUnion } from './find-union.ts';
import { listed } from './nearest.ts';

/** What is wrong with one field. */
export interface FieldFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

const unknownField = (held: Held, path: Issue['path'], key: string): FieldFault => {
  const at = valueAt(held.value, path);
  const own = schemaAt(held.schema, held.value, path);
  const [known, others] = [knownFields(own, at), knownFields(own, {})];
  const meant = nearMiss(key, known);
  if (meant !== undefined)
    return { path: [...path, key], message: `unknown field; did you mean '${meant}'?` };
  const place = others.includes(key) ? 'it does not go with the other fields here' : 'unknown field';
  return { path: [...path, key], message: `${place}; expected one of ${listed(known)}` };
};

/** How much deeper faults count less: a list is no number, whatever is wrong in it. */
const outerWeight = 1_000;

const costOfIssue = (issue: Issue): number =>
  issue.code === 'unrecognized_keys'
    ? 2 * issue.keys.length * outerWeight ** -(issue.path.length + 1)
    : outerWeight ** -issue.path.length;

/** How far a value is from an option, on the outside first; unknown fields count twice. */
const costOf = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + costOfIssue(issue), 0);

/** The faults by the option of a choice that the value was probably meant for. */
const unionFaults = ({ options, path }: FoundUnion, root: unknown): FieldFault[] => {
  const value = valueAt(root, path);
  const tried = options.flatMap((schema) => {
    const { error } = schema.safeParse(value);
    return error === undefined ? [] : [{ schema, error, cost: costOf(error.issues) }];
  });
  const [best] = tried.sort((one, other) => one.cost - other.cost);
  const faults = best === undefined ? [] : schemaFaults(best.schema, value, best.error);
  return faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
};

/** That a field, such as `type`, names none of the kinds. */
const noKind = (held: Held, issue: z.core.$ZodIssueInvalidUnion): FieldFault => {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(quoted) : [];
  return { path: issue.path, message: unexpected(held, issue.path, options.join(' or ') || 'a value') };
};

/** Units of what may be too small or too large. */
const units: Readonly<Record<string, string>> = { array: ' entries', string: ' characters', set: ' entries' };

const bound = (held: Held, issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string => {
  const came = valueAt(held.value, issue.path);
  const [limit, word] =
    issue.code === 'too_small'
      ? [issue.minimum, issue.inclusive === false ? 'more than' : 'at least']
      : [issue.maximum, issue.inclusive === false ? 'less than' : 'at most'];
  const size = Array.isArray(came) || typeof came === 'string' ? came.length : quoted(came);
  return `expected ${word} ${limit}${units[issue.origin] ?? ''}, got ${size}`;
};

/** Says what came, where a message of the schema's own says only what was expected. */
const withValue = (message: string, came: unknown): string =>
  message.startsWith('expected ') && !message.includes(', got ')
    ? `${message}, got ${quoted(came)}`
    : message;

const faultsOfIssue = (held: Held, issue: Issue): FieldFault[] => {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField(held, path, key));
    case 'invalid_union':
      return [noKind(held, issue)];
    case 'too_small':
    case 'too_big':
      return [{ path, message: bound(held, issue) }];
    case 'invalid_type':
    case 'invalid_value':
      return [{ path, message: unexpected(held, path, expectedAt(held, path)) }];
    default:
      return [{ path, message: withValue(issue.message, valueAt(held.value, path)) }];
  }
};

/** Every fault of a value that a schema refused: what was expected, what came, and what was probably meant. */
export const schemaFaults = (schema: z.ZodType, value: unknown, error: z.ZodError): FieldFault[] => {
  const held = { schema: fieldSchemaOf(schema), value };
  const seen = new Set<string>();
  return error.issues.flatMap((issue) => {
    const union = findUnion(schema, value, issue.path);
    if (union === undefined) return faultsOfIssue(held, issue);
    const isKnown = seen.has(pathText(union.path));
    seen.add(pathText(union.path));
    return isKnown ? [] : unionFaults(union, value);
  });
};

/** `features.0.tensor` */
export const pathText = (path: readonly PropertyKey[]): string => path.map(String).join('.');
