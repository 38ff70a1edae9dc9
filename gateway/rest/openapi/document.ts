import type { MessageTypes } from '@sluice/kernel/protobuf/load-types';
import { sluiceVersion } from '@sluice/kernel/version';
import type { Probe, Route } from '../http/route.ts';
import { messageSchemas, propertiesOf } from './message-schemas.ts';
import { type Operation, schemaRef } from './operation.ts';
import { protocolSchemas } from './protocol-schemas.ts';

export type DocumentedRoute = Pick<Route | Probe, 'method' | 'path' | 'operation'>;

/** Headers that requests may carry. */
const headers = {
  entityId: ['sluice-entity-id', 'The entity that the prediction is about; the body wins over it.'],
  timeoutMs: ['sluice-timeout-ms', 'Milliseconds until nobody waits for the answer any more.'],
  traceparent: ['traceparent', 'W3C trace context of the caller.'],
  synthetic: [
    'sluice-synthetic',
    'true: a request of a test or probe, recorded with that mark; replay: one of the past that is asked once more, not recorded. Neither is counted as traffic.',
  ],
} as const;

const headerParameters = Object.fromEntries(
  Object.entries(headers).map(([key, [name, description]]) => [
    key,
    { name, in: 'header', description, schema: { type: 'string' } },
  ]),
);

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const bodyOf = ({ body }: Operation) => {
  if (body === undefined) return {};
  const [documented = ''] = body.accepts;
  const { required, schema, example } = body;
  return { requestBody: { required, content: { [documented]: { schema, example } } } };
};

const queryParameters = ({ query }: Operation, types: MessageTypes) =>
  query === undefined
    ? []
    : Object.entries(propertiesOf(types(query))).map(([name, { description, ...schema }]) => ({
        name,
        in: 'query',
        ...(description === undefined ? {} : { description }),
        schema,
      }));

const operationOf = ({ method, path, operation }: DocumentedRoute, types: MessageTypes) => {
  const { id, tag, summary, answers } = operation;
  const sent = method === 'POST' ? Object.keys(headers) : [];
  const problem = schemaRef(path.startsWith('/v2') ? 'ProtocolError' : 'Error');
  return {
    operationId: id,
    tags: [tag],
    summary,
    parameters: [
      ...pathParameters(path),
      ...queryParameters(operation, types),
      ...sent.map((key) => ({ $ref: `#/components/parameters/${key}` })),
    ],
    ...bodyOf(operation),
    responses: {
      200: { description: summary, content: { [answers.type]: { schema: answers.schema ?? {} } } },
      default: {
        description: 'An error: its code says which',
        content: { 'application/json': { schema: problem } },
      },
    },
  };
};

const pathsOf = (routes: readonly DocumentedRoute[], types: MessageTypes) => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, types) };
  }
  return paths;
};

const sluiceMessages = [
  'PredictRequest',
  'PredictResponse',
  'ListModelsResponse',
  'GetReleaseResponse',
  'GetSignatureResponse',
  'GetPredictionResponse',
  'ListPredictionsResponse',
  'Feedback',
  'SendFeedbackResponse',
  'ListStreamsResponse',
  'GetStreamResponse',
];
const tritonMessages = ['ModelConfig', 'ModelStatisticsResponse'];

/** The OpenAPI 3.1 document of the routes. */
export const openApiDocument = (routes: readonly DocumentedRoute[], types: MessageTypes) => ({
  openapi: '3.1.0',
  info: {
    title: 'Sluice',
    version: sluiceVersion,
    description: 'A streaming inference gateway: one door for gRPC, REST and Kafka in front of ONNX models.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  paths: pathsOf(routes, types),
  components: {
    parameters: headerParameters,
    schemas: {
      ...protocolSchemas,
      ...messageSchemas(
        sluiceMessages.map((name) => types(`sluice.v1.${name}`)),
        ({ jsonName }) => jsonName,
      ),
      ...messageSchemas(
        tritonMessages.map((name) => types(`inference.${name}`)),
        ({ protoName }) => protoName,
      ),
    },
  },
});
