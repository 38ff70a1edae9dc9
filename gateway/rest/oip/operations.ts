import { json, octets, undeclared } from '../http/media.ts';
import { type JsonSchema, type Operation, type OperationBody, schemaRef } from '../openapi/operation.ts';

/** What the document says of the routes in routes.ts. */

const reading = (id: string, summary: string, schema: JsonSchema): Operation => ({
  id,
  tag: 'open inference protocol',
  summary,
  answers: { type: json, schema },
});

const posting = (
  id: string,
  summary: string,
  body: Pick<OperationBody, 'schema' | 'required' | 'example'>,
  schema: JsonSchema,
  binary: readonly string[] = [],
): Operation => ({
  ...reading(id, summary, schema),
  body: { accepts: [json, ...binary, undeclared], ...body },
});

const index = schemaRef('RepositoryIndex');
const repositoryBody = { schema: { type: 'object' }, required: false } as const;
const empty = { type: 'object' } as const;

export const operations = {
  live: reading('serverLive', 'Whether the process answers', schemaRef('ServerLive')),
  serverReady: reading('serverReady', 'Whether requests can be served (503: not)', schemaRef('ServerReady')),
  server: reading('serverMetadata', 'Name, version and extensions', schemaRef('ServerMetadata')),
  models: reading('models', 'Names of all models', schemaRef('ModelNames')),
  metadata: reading('modelMetadata', 'Versions and tensors', schemaRef('ModelMetadata')),
  ready: reading('modelReady', 'Whether a release can be used (503: not)', schemaRef('ModelReady')),
  config: reading('modelConfig', "Configuration in Triton's form", schemaRef('inference.ModelConfig')),
  statistics: reading(
    'modelStatistics',
    'Counts and times since the start',
    schemaRef('inference.ModelStatisticsResponse'),
  ),
  allStatistics: reading(
    'allStatistics',
    'Counts and times of everything that was asked since the start',
    schemaRef('inference.ModelStatisticsResponse'),
  ),
  infer: posting(
    'infer',
    'Infer with tensors, as JSON or with the binary tensor extension',
    {
      schema: schemaRef('InferRequest'),
      required: true,
      example: {
        inputs: [{ name: 'image', datatype: 'FP32', shape: [1, 8, 8], data: new Array(64).fill(0) }],
      },
    },
    schemaRef('InferResponse'),
    [octets],
  ),
  index: reading('repositoryIndex', 'Every release with its state', index),
  filteredIndex: posting(
    'repositoryIndexFiltered',
    'Every release with its state, or those that are ready',
    { schema: schemaRef('RepositoryIndexRequest'), required: false, example: { ready: true } },
    index,
  ),
  load: posting('loadModel', 'Load a model in every runtime', repositoryBody, empty),
  unload: posting('unloadModel', 'Unload a model in every runtime', repositoryBody, empty),
} as const satisfies Record<string, Operation>;
