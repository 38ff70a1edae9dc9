import { linesOf } from '../config/zod-faults.ts';
import { messageOf } from '../errors/message-of.ts';
import { type SchemaFile, schemaFile } from './keywords.ts';

export const maxSchemaBytes = 256 * 1024;
const maxDepth = 32;
/** Objects of a schema, those behind a reference counted at each reference: all of them are looked at in a request. */
const maxNodes = 10_000;

const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new Error(`it is not JSON: ${messageOf(error)}`);
  }
};

/** Children of a value, and how deep they lie; the stack is not used, which a file could exhaust. */
const depthOf = (whole: unknown): number => {
  let depth = 0;
  let level: unknown[] = [whole];
  while (level.length > 0 && depth <= maxDepth) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    depth += 1;
  }
  return depth;
};

type Nested = Readonly<Record<string, unknown>>;

/** Objects in a schema, and in the definitions that it refers to. */
const nodesOf = (schema: unknown, definitions: ReadonlyMap<string, number>): number => {
  if (typeof schema !== 'object' || schema === null) return 0;
  const { $ref, $defs: _, ...rest } = schema as Nested;
  const referred = typeof $ref === 'string' ? (definitions.get($ref) ?? 0) : 0;
  return Object.values(rest).reduce<number>((sum, each) => sum + nodesOf(each, definitions), 1 + referred);
};

const referencesIn = (schema: unknown): string[] =>
  typeof schema === 'object' && schema !== null
    ? Object.entries(schema).flatMap(([key, each]) =>
        key === '$ref' && typeof each === 'string' ? [each] : referencesIn(each),
      )
    : [];

const referenceTo = (name: string): string => `#/$defs/${name}`;

const faultsOf = (schema: SchemaFile): string[] => {
  const definitions = new Map(
    Object.entries(schema.$defs).map(([name, each]) => [referenceTo(name), nodesOf(each, new Map())]),
  );
  const lost = referencesIn(schema).filter((reference) => !definitions.has(reference));
  const faults = lost.map((reference) => `$ref: there is no ${reference}`);
  const nodes = nodesOf(schema, definitions);
  if (nodes > maxNodes)
    faults.push(`it has ${nodes} parts with those it refers to; at most ${maxNodes} may be`);
  return faults;
};

/**
 * Reads a schema file.
 * @param file its path, for messages
 * @throws Error whose message names every fault: what is not JSON, too large or too deep, unknown keywords,
 *   patterns that could take too long, references that lead nowhere.
 */
export const parseSchema = (file: string, bytes: Buffer): SchemaFile => {
  try {
    if (bytes.byteLength > maxSchemaBytes)
      throw new Error(`it has ${bytes.byteLength} bytes; at most ${maxSchemaBytes} may be`);
    const raw = parseJson(bytes);
    if (depthOf(raw) > maxDepth) throw new Error(`it is nested more than ${maxDepth} deep`);
    const parsed = schemaFile.safeParse(raw);
    if (!parsed.success) throw new Error(linesOf(parsed.error));
    const faults = faultsOf(parsed.data);
    if (faults.length > 0) throw new Error(faults.join('; '));
    return parsed.data;
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`, { cause: error });
  }
};
