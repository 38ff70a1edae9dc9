import type { InferenceBackend } from '@sluice/kernel/oip/inference-backend';
import { serverMetadata } from '@sluice/kernel/oip/server-metadata';
import type { MessageTypes } from '@sluice/kernel/protobuf/load-types';
import { plainAnswer } from '../http/http-answer.ts';
import type { Probe, Route } from '../http/route.ts';
import { config, infer, metadata, modelReady, named, statistics } from './answers.ts';
import { operations } from './operations.ts';
import { loadModel, repositoryIndex, unloadModel } from './repository.ts';

const model = '/v2/models/{model}';
const release = `${model}/versions/{version}`;
const repository = '/v2/repository';

const get = (path: string, operation: Route['operation'], answer: Route['answer']): Route => ({
  method: 'GET',
  path,
  operation,
  answer,
});
const post = (path: string, operation: Route['operation'], answer: Route['answer']): Route => ({
  ...get(path, operation, answer),
  method: 'POST',
});

/** The same answer for a model's default release and for an exact version. */
const both = (
  make: typeof get,
  suffix: string,
  operation: Route['operation'],
  answer: Route['answer'],
): Route[] => [
  make(`${model}${suffix}`, operation, answer),
  make(`${release}${suffix}`, { ...operation, id: `${operation.id}Version` }, answer),
];

const all = { model: '', version: '' };

/** The Open Inference Protocol over REST, with Triton's extensions. */
export const oipRoutes = (backend: InferenceBackend, types: MessageTypes): Route[] => [
  get('/v2', operations.server, () => plainAnswer(serverMetadata)),
  get('/v2/models', operations.models, () =>
    plainAnswer({ models: [...new Set(backend.index().map((entry) => entry.model))] }),
  ),
  get('/v2/models/stats', operations.allStatistics, () => statistics(backend, types, all)),
  ...both(get, '', operations.metadata, (request) => metadata(backend, named(request))),
  ...both(get, '/ready', operations.ready, (request) => modelReady(backend, named(request))),
  ...both(get, '/config', operations.config, (request) => config(backend, types, named(request))),
  ...both(get, '/stats', operations.statistics, (request) => statistics(backend, types, named(request))),
  ...both(post, '/infer', operations.infer, (request) => infer(backend, request)),
  get(`${repository}/index`, operations.index, () => repositoryIndex(backend, Buffer.alloc(0))),
  post(`${repository}/index`, operations.filteredIndex, ({ body }) => repositoryIndex(backend, body)),
  post(`${repository}/models/{model}/load`, operations.load, (request) =>
    loadModel(backend, named(request).model, request.body),
  ),
  post(`${repository}/models/{model}/unload`, operations.unload, (request) =>
    unloadModel(backend, named(request).model, request.body),
  ),
];

/** Health as the protocol asks for it. */
export const oipProbes = (backend: InferenceBackend): Probe[] => [
  {
    method: 'GET',
    path: '/v2/health/live',
    operation: operations.live,
    probe: () => plainAnswer({ live: true }),
  },
  {
    method: 'GET',
    path: '/v2/health/ready',
    operation: operations.serverReady,
    probe: () => {
      const ready = backend.ready();
      return plainAnswer({ ready }, ready ? 200 : 503);
    },
  },
];
