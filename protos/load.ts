import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType as ErrorDetails } from './gen/error_details.ts';
import type { ProtoGrpcType as Inference } from './gen/grpc_service.ts';
import type { ProtoGrpcType as Models } from './gen/model_service.ts';
import type { ProtoGrpcType as Predictions } from './gen/prediction_service.ts';
import type { ProtoGrpcType as Runtime } from './gen/runtime_service.ts';
import type { ProtoGrpcType as Status } from './gen/status.ts';
import { loaderOptions, protoDirectory, protoFiles } from './loader-options.ts';

/** Clients, service definitions and message codecs, by package: `packages.sluice.v1.PredictionService`. */
export type Packages = ErrorDetails & Inference & Models & Predictions & Runtime & Status;

export interface LoadedProtos {
  readonly packages: Packages;
  /** What server reflection answers from. */
  readonly packageDefinition: PackageDefinition;
}

/** The parsed files alone, for server reflection (`new ReflectionService(loadDefinition())`). */
export function loadDefinition(): PackageDefinition {
  return loadSync([...protoFiles], { ...loaderOptions, includeDirs: [protoDirectory] });
}

/** Reads and parses every .proto file of this folder; throws if one is missing or wrong. Call it once, in compose. */
export function loadProtos(): LoadedProtos {
  const packageDefinition = loadDefinition();
  // The generated types describe what the loader builds at run time; `npm run check` holds the two equal.
  const packages = loadPackageDefinition(packageDefinition) as unknown as Packages;
  return { packages, packageDefinition };
}
