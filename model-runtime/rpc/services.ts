import type { Server } from '@grpc/grpc-js';
import { runtimeExchange } from '@sluice/kernel/rpc/runtime-exchange';
import { tolerant } from '@sluice/kernel/rpc/unreadable';
import type { GRPCInferenceServiceHandlers } from '@sluice/protos/gen/inference/GRPCInferenceService';
import type { Packages } from '@sluice/protos/load';
import { HealthImplementation } from 'grpc-health-check';
import { type LinkServiceOptions, linkService } from './link-service.ts';

export interface Services extends LinkServiceOptions {
  readonly inference: GRPCInferenceServiceHandlers;
}

const names = ['', 'inference.GRPCInferenceService', 'sluice.runtime.v1.RuntimeService'];

/** Everything that the runtime's gRPC port answers. */
export const addServices = (server: Server, packages: Packages, { inference, ...link }: Services): void => {
  server.addService(runtimeExchange(packages), linkService(link));
  server.addService(tolerant(packages.inference.GRPCInferenceService.service), inference);
  const health = new HealthImplementation();
  const refresh = (): void => {
    const serving = link.holder.ready && !link.draining.aborted;
    for (const name of names) health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  };
  refresh();
  link.holder.onChange(refresh);
  link.draining.addEventListener('abort', refresh);
  health.addToServer(server);
};
