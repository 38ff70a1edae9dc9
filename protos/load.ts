import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { ProtoGrpcType as ErrorDetails } from './gen/error_details.ts';
import type { ProtoGrpcType as Gateway } from './gen/gateway_service.ts';
import type { ProtoGrpcType as Inference } from './gen/grpc_service.ts';
import type { ProtoGrpcType as Models } from './gen/model_service.ts';
import type { ProtoGrpcType as Predictions } from './gen/prediction_service.ts';
import type { ProtoGrpcType as Runtime } from './gen/runtime_service.ts';
import type { ProtoGrpcType as Status } from './gen/status.ts';
import type { ProtoGrpcType as Streams } from './gen/stream_service.ts';
import { loaderOptions, protoDirectory, protoFiles } from './loader-options.ts';

/** Clients, service definitions and message codecs, by package: `packages.sluice.v1.PredictionService`. */
export type Packages = ErrorDetails & Gateway & Inference & Models & Predictions & Runtime & Status & Streams;

/** Reads and parses every .proto file of this folder; throws if one is missing or wrong. Call it once, in compose. */
export const loadProtos = (): Packages => {
  const definition = loadSync([...protoFiles], { ...loaderOptions, includeDirs: [protoDirectory] });
  // The generated types describe what the loader builds at run time; `npm run check` holds the two equal.
  return loadPackageDefinition(definition) as unknown as Packages;
};
