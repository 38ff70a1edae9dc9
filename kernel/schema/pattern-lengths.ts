import { defaultPatternLength } from './check-pattern.ts';
import { type JsonSchema, textWithNul } from './json-schema.ts';

/** Every pattern of a schema with the longest text, in characters, that it is held against. */
export const patternLengths = (schema: JsonSchema): Map<string, number> => {
  const lengths = new Map<string, number>();
  const visit = (each: unknown): void => {
    if (typeof each !== 'object' || each === null || each === textWithNul) return;
    const { pattern, maxLength } = each as JsonSchema;
    if (typeof pattern === 'string') {
      const length = typeof maxLength === 'number' ? maxLength : defaultPatternLength;
      lengths.set(pattern, Math.max(lengths.get(pattern) ?? 0, length));
    }
    for (const inner of Object.values(each)) visit(inner);
  };
  visit(schema);
  return lengths;
};
