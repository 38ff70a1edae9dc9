import { loadTypes, type MessageTypes } from '@sluice/kernel/protobuf/load-types';

const files = [
  'sluice/v1/prediction_service.proto',
  'sluice/v1/model_service.proto',
  'sluice/v1/stream_service.proto',
  'inference/grpc_service.proto',
];

/** The messages that have a JSON form over REST. Call it once. */
export const loadMessageTypes = (): MessageTypes => loadTypes(files);
