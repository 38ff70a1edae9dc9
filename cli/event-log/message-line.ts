import type { Header, Message } from '@sluice/kernel/event-log/event-log';
import { z } from 'zod';

/** Lines of a file as messages. */

export type ParsedLine = { readonly value: Message } | { readonly error: string };
export type ParseLine = (line: string) => ParsedLine;

const texts = z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({});
const base64 = z.base64('expected base64').optional();

/** As `topics read` prints it; where it was read is not where it goes. */
const messageSchema = z.strictObject({
  topic: z.string().optional(),
  partition: z.number().optional(),
  offset: z.number().optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  key: z.string().optional(),
  keyBase64: base64,
  headers: texts,
  headersBase64: texts,
  value: z.unknown().optional(),
  valueBase64: base64,
});

const headersOf = (
  given: Readonly<Record<string, string | readonly string[]>>,
  encoding: 'utf8' | 'base64',
): Header[] =>
  Object.entries(given).flatMap(([name, values]) =>
    [values].flat().map((each): Header => [name, Buffer.from(each, encoding)]),
  );

const bytesOf = ({ value, valueBase64 }: z.infer<typeof messageSchema>): Buffer | null => {
  if (valueBase64 !== undefined) return Buffer.from(valueBase64, 'base64');
  return value === undefined ? null : Buffer.from(JSON.stringify(value));
};

const messageOf = (given: z.infer<typeof messageSchema>): Message => {
  const { key = '', keyBase64, timestamp, headers, headersBase64 } = given;
  return {
    key: keyBase64 === undefined ? Buffer.from(key) : Buffer.from(keyBase64, 'base64'),
    value: bytesOf(given),
    headers: [...headersOf(headers, 'utf8'), ...headersOf(headersBase64, 'base64')],
    ...(timestamp !== undefined && { timestampMs: Date.parse(timestamp) }),
  };
};

const parseJson = (line: string): { readonly value: unknown } | { readonly error: string } => {
  try {
    return { value: JSON.parse(line) as unknown };
  } catch (error) {
    return { error: `no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
};

/** A line is a message: `{"key": …, "headers": {…}, "value": …}`. */
export const parseMessageLine: ParseLine = (line) => {
  const json = parseJson(line);
  if ('error' in json) return json;
  const parsed = messageSchema.safeParse(json.value);
  if (parsed.success) return { value: messageOf(parsed.data) };
  return {
    error: parsed.error.issues
      .map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`)
      .join('; '),
  };
};

/** The parts of a JSON Pointer (RFC 6901), or the name of a field. */
const partsOf = (field: string): string[] =>
  field.startsWith('/')
    ? field
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    : [field];

const find = (value: unknown, parts: readonly string[]): unknown =>
  parts.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, part)
        ? (at as Readonly<Record<string, unknown>>)[part]
        : undefined,
    value,
  );

/** A line is the value, as it is; its key is in a field of it, where one is named. */
export const parseValueLine =
  (keyField: string | undefined): ParseLine =>
  (line) => {
    const message = { key: Buffer.alloc(0), value: Buffer.from(line), headers: [] };
    if (keyField === undefined) return { value: message };
    const json = parseJson(line);
    if ('error' in json) return json;
    const key = find(json.value, partsOf(keyField));
    if (typeof key === 'string') return { value: { ...message, key: Buffer.from(key) } };
    if (typeof key === 'number' || typeof key === 'boolean')
      return { value: { ...message, key: Buffer.from(`${key}`) } };
    return { error: `${keyField}: expected a string, a number or a boolean for the key` };
  };
