import { datatypes } from '@sluice/kernel/tensor/datatypes';
import type { JsonSchema } from './operation.ts';

/** Schemas of what has no .proto of its own: the JSON forms of the Open Inference Protocol, errors, health. */

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const whole = { type: 'integer', minimum: 0 } as const;
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  required = Object.keys(properties),
): JsonSchema => ({ type: 'object', properties, required });

const parameters = {
  type: 'object',
  additionalProperties: { type: ['boolean', 'number', 'string'] },
} as const;
const data = {
  type: 'array',
  description: 'Flat or nested; absent where binary_data_size is given.',
} as const;
const declared = {
  name: text,
  datatype: { enum: Object.keys(datatypes) },
  shape: list({ type: 'integer', minimum: -1 }),
};
const tensor = object(declared);
const tensorData = object({ ...declared, parameters, data }, Object.keys(declared));
const violation = object({ path: text, rule: text, message: text, allowed: list(text) }, [
  'path',
  'rule',
  'message',
]);

export const protocolSchemas: Readonly<Record<string, JsonSchema>> = {
  Error: object({ code: text, message: text, violations: list(violation), retryAfterMs: whole }, [
    'code',
    'message',
    'violations',
  ]),
  ProtocolError: object({ error: text, code: text }),
  Health: object({
    status: text,
    version: text,
    environment: text,
    grpc: text,
    revision: whole,
    runtimes: list(object({ address: text, available: flag })),
    models: whole,
  }),
  ServerLive: object({ live: flag }),
  ServerReady: object({ ready: flag }),
  ServerMetadata: object({ name: text, version: text, extensions: list(text) }),
  ModelNames: object({ models: list(text) }),
  ModelReady: object({ name: text, ready: flag }),
  ModelMetadata: object({
    name: text,
    versions: list(text),
    platform: text,
    inputs: list(tensor),
    outputs: list(tensor),
  }),
  InferRequest: object(
    {
      id: text,
      parameters,
      inputs: list(tensorData),
      outputs: list(object({ name: text, parameters }, ['name'])),
    },
    ['inputs'],
  ),
  InferResponse: object(
    { id: text, model_name: text, model_version: text, parameters, outputs: list(tensorData) },
    ['model_name', 'model_version', 'outputs'],
  ),
  RepositoryIndexRequest: object({ ready: flag }, []),
  RepositoryIndex: list(object({ name: text, version: text, state: text, reason: text })),
};
