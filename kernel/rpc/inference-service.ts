import type { GRPCInferenceServiceHandlers } from '@sluice/protos/gen/inference/GRPCInferenceService';
import type { ModelStatisticsResponse } from '@sluice/protos/gen/inference/ModelStatisticsResponse';
import { SluiceError } from '../errors/sluice-error.ts';
import { decodeRequest } from '../oip/decode-request.ts';
import { describeConfig, describeMetadata } from '../oip/describe-release.ts';
import { encodeResponse } from '../oip/encode-response.ts';
import { encodeStatistics } from '../oip/encode-statistics.ts';
import type { InferenceBackend } from '../oip/inference-backend.ts';
import { serverMetadata } from '../oip/server-metadata.ts';
import { modelStreamInfer } from './model-stream-infer.ts';
import type { StreamEnvironment } from './serve-items.ts';
import { unary } from './unary.ts';

const service = 'inference.GRPCInferenceService';

interface Named {
  readonly name: string;
  readonly version: string;
}

interface ToLoad {
  readonly modelName: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const needModel = (name: string): string => {
  if (name === '') throw new SluiceError('MALFORMED_REQUEST', 'the model name is empty');
  return name;
};

/** What does not exist, is blocked or broken is not ready: Triton answers false to each, never an error. */
const notReady: readonly string[] = [
  'MODEL_NOT_FOUND',
  'RELEASE_NOT_FOUND',
  'RELEASE_BLOCKED',
  'RELEASE_UNAVAILABLE',
  'RELEASE_QUARANTINED',
];

const isReady = async (backend: InferenceBackend, { name, version }: Named): Promise<boolean> => {
  try {
    return backend.isReady(await backend.find(needModel(name), version));
  } catch (error) {
    if (error instanceof SluiceError && notReady.includes(error.code)) return false;
    throw error;
  }
};

const statistics = async (
  backend: InferenceBackend,
  { name, version }: Named,
): Promise<ModelStatisticsResponse> => {
  if (name === '') return { modelStats: backend.statistics.all().map(encodeStatistics) };
  // All versions: blocked and broken ones too, which cannot be found.
  const releases =
    version === ''
      ? backend.versions(name).map((each) => ({ model: name, version: each }))
      : [await backend.find(name, version)];
  return { modelStats: releases.map((release) => encodeStatistics(backend.statistics.of(release))) };
};

/** A release is immutable: neither its configuration nor its files come with the request. */
const refuseOverride = (parameters: Readonly<Record<string, unknown>>): void => {
  const name = Object.keys(parameters).find((key) => key === 'config' || key.startsWith('file:'));
  if (name === undefined) return;
  const message = `parameters.${name}: a release is immutable, it cannot be overridden when it is loaded`;
  throw new SluiceError('UNIMPLEMENTED', message);
};

/** The Open Inference Protocol over gRPC, in front of whatever answers. */
export const inferenceService = (
  backend: InferenceBackend,
  environment: StreamEnvironment,
): GRPCInferenceServiceHandlers => {
  const on = <In, Out>(name: string, answer: Parameters<typeof unary<In, Out>>[2]) =>
    unary<In, Out>(environment, `${service}/${name}`, answer);
  return {
    ServerLive: on('ServerLive', () => ({ live: true })),
    ServerReady: on('ServerReady', () => ({ ready: backend.ready() })),
    ModelReady: on('ModelReady', async (message: Named) => ({ ready: await isReady(backend, message) })),
    ServerMetadata: on('ServerMetadata', () => ({
      ...serverMetadata,
      extensions: [...serverMetadata.extensions],
    })),
    ModelMetadata: on('ModelMetadata', async ({ name, version }: Named) => {
      const release = await backend.find(needModel(name), version);
      return describeMetadata(release, version === '' ? backend.versions(name) : [release.version]);
    }),
    ModelInfer: on('ModelInfer', async (message: Parameters<typeof decodeRequest>[0], scope) =>
      encodeResponse(await backend.infer(decodeRequest(message), scope)),
    ),
    ModelStreamInfer: modelStreamInfer(backend, environment),
    ModelConfig: on('ModelConfig', async ({ name, version }: Named) => ({
      config: describeConfig(await backend.find(needModel(name), version)),
    })),
    ModelStatistics: on('ModelStatistics', (message: Named) => statistics(backend, message)),
    RepositoryIndex: on('RepositoryIndex', ({ ready }: { ready: boolean }) => ({
      models: backend
        .index()
        .filter(({ state }) => !ready || state === 'READY')
        .map(({ model, version, state, reason }) => ({ name: model, version, state, reason })),
    })),
    RepositoryModelLoad: on('RepositoryModelLoad', async ({ modelName, parameters }: ToLoad) => {
      refuseOverride(parameters);
      await backend.load(needModel(modelName));
      return {};
    }),
    RepositoryModelUnload: on('RepositoryModelUnload', async ({ modelName }: { modelName: string }) => {
      await backend.unload(needModel(modelName));
      return {};
    }),
  };
};
