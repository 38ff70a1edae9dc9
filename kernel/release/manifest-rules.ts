import { z } from 'zod';

/** The rules of a manifest, and what their expressions may name: docs/releases.md, "Rules". */

/** Longest list of constants: it is walked through by `exists` and `all`. */
const maxListLength = 1_000;
/** Rules of one release: their codes are labels of a metric. */
const maxRules = 64;

const scalar = z.union([z.number(), z.boolean(), z.string()]);
const constant = z.union([
  ...scalar.options,
  z.array(z.number()).min(1).max(maxListLength),
  z.array(z.string()).min(1).max(maxListLength),
]);

/** Values that the release's expressions may name. */
export const constants = z.record(z.string(), constant).default({});
/** Values of the revision that rules may name as `parameters.<name>`, with what they are where it says nothing. */
export const parameters = z.record(z.string(), scalar).default({});

const rule = z.strictObject({
  /** CEL; true: refused. */
  when: z.string().min(1),
  code: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'expected capitals, digits and underscores: UNKNOWN_VEHICLE'),
  /** CEL within `${}`. */
  message: z.string().min(1),
  on: z.enum(['input', 'output']).default('input'),
});
export const rules = z.array(rule).max(maxRules).default([]);
export type Rule = z.infer<typeof rule>;

/** How a feature is computed of others. */
export const derived = z.string().min(1).optional();
