import { stringify } from 'yaml';
import type { Violation } from '../errors/sluice-error.ts';
import type { Features } from '../features/value.ts';
import { parseManifest } from '../release/manifest.ts';
import { type InputSchema, inputSchema, type SchemaSource } from '../schema/input-schema.ts';
import { parseSchema } from '../schema/parse-schema.ts';
import type { TensorSpec } from '../tensor/tensor.ts';

/** A release of these features, with a schema.json of its own if one is given. */
export const releaseOf = (
  features: readonly object[],
  inputs: readonly TensorSpec[],
  file?: object,
): SchemaSource => ({
  model: 'm',
  version: '1.0.0',
  manifest: parseManifest(stringify({ apiVersion: 'sluice/v1', model: 'm', version: '1', features })),
  signature: { inputs, outputs: [], maxBatchSize: 8 },
  given:
    file === undefined
      ? undefined
      : { file: 'schema.json', schema: parseSchema('schema.json', Buffer.from(JSON.stringify(file))) },
});

export const inputSchemaOf = (...release: Parameters<typeof releaseOf>): InputSchema =>
  inputSchema(releaseOf(...release));

export const violationsIn = (schema: InputSchema, given: Features): readonly Violation[] => {
  const checked = schema.check(given);
  return 'violations' in checked ? checked.violations : [];
};
