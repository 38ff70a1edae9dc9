import type { Server } from '@grpc/grpc-js';
import { tolerant } from '@sluice/kernel/rpc/unreadable';
import type { GRPCInferenceServiceHandlers } from '@sluice/protos/gen/inference/GRPCInferenceService';
import type { ModelServiceHandlers } from '@sluice/protos/gen/sluice/v1/ModelService';
import type { PredictionServiceHandlers } from '@sluice/protos/gen/sluice/v1/PredictionService';
import type { StreamServiceHandlers } from '@sluice/protos/gen/sluice/v1/StreamService';
import type { Packages } from '@sluice/protos/load';
import { HealthImplementation } from 'grpc-health-check';
import { addReflection } from './reflection.ts';

export interface Services {
  readonly inference: GRPCInferenceServiceHandlers;
  readonly prediction: PredictionServiceHandlers;
  readonly model: ModelServiceHandlers;
  readonly stream: StreamServiceHandlers;
}

const names = [
  'inference.GRPCInferenceService',
  'sluice.v1.PredictionService',
  'sluice.v1.ModelService',
  'sluice.v1.StreamService',
];

export interface Health {
  set(serving: boolean): void;
}

/** Everything that the gateway's gRPC port answers: the four services, health, reflection. */
export const addServices = (server: Server, packages: Packages, services: Services): Health => {
  server.addService(tolerant(packages.inference.GRPCInferenceService.service), services.inference);
  server.addService(tolerant(packages.sluice.v1.PredictionService.service), services.prediction);
  server.addService(tolerant(packages.sluice.v1.ModelService.service), services.model);
  server.addService(tolerant(packages.sluice.v1.StreamService.service), services.stream);
  addReflection(server, names);
  const health = new HealthImplementation();
  health.addToServer(server);
  return {
    set: (serving) => {
      for (const name of ['', ...names]) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
    },
  };
};
