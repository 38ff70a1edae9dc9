import type { ErrorObject } from 'ajv/dist/2020.js';
import { textWithNul } from './json-schema.ts';

/** Keywords of JSON Schema by the rule that a violation names; docs/errors.md has the list. */
export const ruleKeywords = {
  required: ['required', 'dependentRequired'],
  unknown: ['additionalProperties'],
  type: ['type'],
  enum: ['enum', 'const'],
  range: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  length: ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
  pattern: ['pattern'],
  format: ['format'],
  schema: ['anyOf', 'oneOf', 'not'],
} as const;

const ruleOfKeyword = new Map<string, string>(
  Object.entries(ruleKeywords).flatMap(([rule, keywords]) => keywords.map((keyword) => [keyword, rule])),
);

/** The rule that was broken. Of whole numbers a fraction is out of range. */
export const ruleOf = ({ keyword, schema, data }: ErrorObject): string => {
  if (schema === textWithNul) return 'text';
  const isFraction = typeof data === 'number' && [schema].flat().includes('integer');
  if (keyword === 'type' && isFraction && Number.isFinite(data)) return 'range';
  return ruleOfKeyword.get(keyword) ?? 'schema';
};
