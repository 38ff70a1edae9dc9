import { Ajv2020, type Format } from 'ajv/dist/2020.js';
import type { RegExpEngine } from 'ajv/dist/types/index.js';
import formats from 'ajv-formats';
import { defaultPatternLength } from './check-pattern.ts';
import { nulPattern } from './json-schema.ts';
import { formatNames } from './keywords.ts';

/** Longest text that is held against a pattern or a format, by pattern; a character may take two UTF-16 code units. */
export type PatternLengths = ReadonlyMap<string, number>;

/** Regular expressions that match no text longer than they were judged for (kernel/schema/pattern-steps.ts). */
const boundedEngine = (lengths: PatternLengths): RegExpEngine => {
  const create = (pattern: string, flags: string) => {
    const expression = new RegExp(pattern, flags);
    const maxUnits = 2 * (lengths.get(pattern) ?? Number.POSITIVE_INFINITY);
    // Looked for in most requests, and a third of the time that they take here as a regular expression.
    if (pattern === nulPattern)
      return { test: (text: string) => text.includes('\0'), toString: () => nulPattern };
    return {
      test: (text: string) => text.length <= maxUnits && expression.test(text),
      toString: () => expression.toString(),
    };
  };
  return Object.assign(create, { code: 'boundedExpression' });
};

const boundedFormat = (format: Format): ((text: string) => boolean) => {
  const validate = typeof format === 'object' && 'validate' in format ? format.validate : format;
  const matches =
    validate instanceof RegExp
      ? (text: string) => validate.test(text)
      : (validate as (text: string) => boolean);
  return (text) => text.length <= defaultPatternLength && matches(text);
};

/** Values of an enum as a set: ajv compares one after the other, and lists of categories are long. */
const enumKeyword = {
  keyword: 'enum',
  schemaType: 'array',
  compile: (values: readonly unknown[]) => {
    const allowed = new Set(values);
    return (value: unknown) => allowed.has(value);
  },
} as const;

/**
 * An ajv for one schema: it keeps what it has compiled. The schema has been checked before, by what is stricter than the
 * schema of schemas (kernel/schema/keywords.ts); that of ajv takes 50 ms to be compiled.
 */
export const createAjv = (lengths: PatternLengths): Ajv2020 => {
  const ajv = new Ajv2020({
    strict: true,
    // What is required may be described elsewhere, and the types are those of the features (contradictions.ts).
    strictRequired: false,
    strictTypes: false,
    allErrors: true,
    verbose: true,
    meta: false,
    validateSchema: false,
    // What ajv makes of it is compiled twice as fast without its own optimization, and as fast when V8 has done its.
    code: { regExp: boundedEngine(lengths), optimize: false },
  });
  for (const name of formatNames) ajv.addFormat(name, boundedFormat(formats.default.get(name, 'full')));
  ajv.removeKeyword('enum');
  return ajv.addKeyword(enumKeyword);
};
