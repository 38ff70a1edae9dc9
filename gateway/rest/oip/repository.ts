import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferenceBackend } from '@sluice/kernel/oip/inference-backend';
import { z } from 'zod';
import { parseJson } from '../http/body.ts';
import { type HttpAnswer, plainAnswer } from '../http/http-answer.ts';
import { pathText } from './infer-schema.ts';

const indexSchema = z.object({ ready: z.boolean().default(false) });
const loadSchema = z.object({ parameters: z.record(z.string(), z.unknown()).default({}) });

/** An optional JSON body. @throws SluiceError MALFORMED_REQUEST */
const optional = <T>(schema: z.ZodType<T>, body: Buffer): T => {
  const parsed = schema.safeParse(body.length === 0 ? {} : parseJson(body));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${pathText(path) || 'the body'}: ${message}`,
  );
  throw new SluiceError('MALFORMED_REQUEST', faults.join('; '));
};

/** What the store holds; with `{"ready": true}` what can be used now. */
export const repositoryIndex = (backend: InferenceBackend, body: Buffer): HttpAnswer => {
  const { ready } = optional(indexSchema, body);
  const entries = backend.index().filter(({ state }) => !ready || state === 'READY');
  return plainAnswer(
    entries.map(({ model, version, state, reason }) => ({ name: model, version, state, reason })),
  );
};

/** A release is immutable: neither its configuration nor its files come with the request. */
const refuseOverride = (body: Buffer): void => {
  const name = Object.keys(optional(loadSchema, body).parameters).find(
    (key) => key === 'config' || key.startsWith('file:'),
  );
  if (name !== undefined)
    throw new SluiceError(
      'UNIMPLEMENTED',
      `parameters.${name}: a release is immutable, it cannot be overridden when it is loaded`,
    );
};

export const loadModel = async (
  backend: InferenceBackend,
  model: string,
  body: Buffer,
): Promise<HttpAnswer> => {
  refuseOverride(body);
  await backend.load(model);
  return plainAnswer({});
};

export const unloadModel = async (
  backend: InferenceBackend,
  model: string,
  body: Buffer,
): Promise<HttpAnswer> => {
  optional(loadSchema, body);
  await backend.unload(model);
  return plainAnswer({});
};
