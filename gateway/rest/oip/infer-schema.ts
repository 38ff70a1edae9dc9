import { z } from 'zod';

/** The JSON of an inference request. Members that are not named here are passed over, as Triton does. */

const parameters = z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])).default({});

const input = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.number()),
  parameters,
  /** Flat or nested; looked at once the datatype is known. */
  data: z.unknown().optional(),
});
export type JsonInput = z.infer<typeof input>;

const output = z.object({ name: z.string(), parameters });
export type JsonOutput = z.infer<typeof output>;

export const inferSchema = z.object({
  id: z.string().default(''),
  parameters,
  inputs: z.array(input),
  outputs: z.array(output).default([]),
});

/** Where a fault lies: `inputs[0].name`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );
