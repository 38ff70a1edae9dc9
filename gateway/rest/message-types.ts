import { join } from 'node:path';
import { protoDirectory } from '@sluice/protos/loader-options';
import { Root, type Type } from 'protobufjs';

/** A message type by its full name: `sluice.v1.PredictRequest`. */
export type MessageTypes = (name: string) => Type;

const files = [
  'sluice/v1/prediction_service.proto',
  'sluice/v1/model_service.proto',
  'inference/grpc_service.proto',
];

/** Parses the .proto files for their JSON forms, comments included. Call it once. */
export const loadMessageTypes = (): MessageTypes => {
  const root = new Root();
  const bundled = root.resolvePath;
  root.resolvePath = (origin, target) =>
    target.startsWith('google/protobuf/') ? bundled(origin, target) : join(protoDirectory, target);
  root.loadSync(files, { keepCase: false, alternateCommentMode: true }).resolveAll();
  return (name) => root.lookupType(name);
};
