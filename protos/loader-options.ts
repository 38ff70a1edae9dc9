/**
 * How messages look in TypeScript, said once for the loader and for the generated types:
 * lowerCamelCase fields, 64-bit integers as decimal strings, enums by name, bytes as Buffer,
 * absent scalars and lists with their defaults, and for each oneof the name of the field that is set.
 */
export const loaderOptions = {
  keepCase: false,
  longs: String,
  enums: String,
  defaults: true,
  arrays: true,
  oneofs: true,
} as const;

/** Every file that is loaded and generated from, relative to this folder. Imports follow by themselves. */
export const protoFiles: readonly string[] = [
  'google/rpc/error_details.proto',
  'google/rpc/status.proto',
  'inference/grpc_service.proto',
  'inference/model_config.proto',
  'sluice/gateway/v1/gateway_service.proto',
  'sluice/runtime/v1/runtime_service.proto',
  'sluice/v1/feedback.proto',
  'sluice/v1/model_service.proto',
  'sluice/v1/outcome.proto',
  'sluice/v1/prediction_service.proto',
  'sluice/v1/record.proto',
  'sluice/v1/release.proto',
  'sluice/v1/scored_event.proto',
  'sluice/v1/stream_service.proto',
];

/** A FileDescriptorSet of all files and what they import, in protos/gen. */
export const descriptorsFile = 'descriptors.binpb';

/** The folder of the .proto files: the root that their imports are relative to. */
export const protoDirectory = import.meta.dirname;
