import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { describeConfig, describeMetadata } from '@sluice/kernel/oip/describe-release';
import { encodeStatistics } from '@sluice/kernel/oip/encode-statistics';
import type { InferenceBackend } from '@sluice/kernel/oip/inference-backend';
import type { ReleaseStatistics } from '@sluice/kernel/oip/statistics';
import type { MessageTypes } from '@sluice/kernel/protobuf/load-types';
import { type HttpAnswer, plainAnswer } from '../http/http-answer.ts';
import type { HttpRequest } from '../http/route.ts';
import { encodeInfer } from './encode-infer.ts';
import { parseInfer } from './parse-infer.ts';
import { protoNames } from './proto-names.ts';
import { rawInput } from './raw-infer.ts';

/** What the path names; an empty version: none was given. */
export interface Named {
  readonly model: string;
  readonly version: string;
}

export const named = ({ path }: HttpRequest): Named => ({
  model: path['model'] ?? '',
  version: path['version'] ?? '',
});

export const metadata = async (backend: InferenceBackend, { model, version }: Named): Promise<HttpAnswer> => {
  const release = await backend.find(model, version);
  const versions = version === '' ? backend.versions(model) : [release.version];
  return plainAnswer(describeMetadata(release, versions));
};

export const modelReady = async (
  backend: InferenceBackend,
  { model, version }: Named,
): Promise<HttpAnswer> => {
  const release = await backend.find(model, version);
  if (backend.isReady(release)) return plainAnswer({ name: model, ready: true });
  throw new SluiceError('RELEASE_UNAVAILABLE', `${model} ${release.version} is not ready`, {
    retryAfterMs: 1_000,
  });
};

export const config = async (
  backend: InferenceBackend,
  types: MessageTypes,
  { model, version }: Named,
): Promise<HttpAnswer> => {
  const release = await backend.find(model, version);
  return plainAnswer(protoNames(types('inference.ModelConfig'), describeConfig(release)));
};

const releasesOf = async (
  backend: InferenceBackend,
  { model, version }: Named,
): Promise<ReleaseStatistics[]> => {
  if (model === '') return backend.statistics.all();
  if (version !== '') return [backend.statistics.of(await backend.find(model, version))];
  return backend.versions(model).map((each) => backend.statistics.of({ model, version: each }));
};

/** Of one release, of all releases of a model, or of everything that was asked so far. */
export const statistics = async (
  backend: InferenceBackend,
  types: MessageTypes,
  which: Named,
): Promise<HttpAnswer> => {
  const modelStats = (await releasesOf(backend, which)).map(encodeStatistics);
  return plainAnswer(protoNames(types('inference.ModelStatisticsResponse'), { modelStats }));
};

/** Inference with a raw body: everything comes back as binary, as from Triton. */
const inferRaw = async (backend: InferenceBackend, request: HttpRequest): Promise<HttpAnswer> => {
  const asked = named(request);
  // The very release that the body is read for: an alias may move before it is asked.
  const { model, version, signature } = await backend.find(asked.model, asked.version);
  const input = rawInput(signature, request.body);
  if ('error' in input) throw new SluiceError('MALFORMED_REQUEST', input.error);
  const parameters = { priority: 0, timeoutUs: undefined, entityId: undefined };
  const infer = { model, version, id: '', inputs: [input.value], outputs: [], parameters };
  return encodeInfer(await backend.infer(infer, request.scope), () => true);
};

export const infer = async (backend: InferenceBackend, request: HttpRequest): Promise<HttpAnswer> => {
  const headerLength = request.header('inference-header-content-length');
  if (headerLength === '0') return inferRaw(backend, request);
  const parsed = parseInfer(request.body, headerLength);
  if ('error' in parsed) throw parsed.error;
  const { request: decoded, wanted } = parsed.value;
  return encodeInfer(await backend.infer({ ...named(request), ...decoded }, request.scope), wanted.binary);
};
