import { inferenceService } from '@sluice/kernel/rpc/inference-service';
import { defaultLimits, startRpcServer } from '@sluice/kernel/rpc/server';
import { serviceErrors } from '@sluice/kernel/rpc/status';
import type { Packages } from '@sluice/protos/load';
import type { Door, DoorOptions } from '../predict/door.ts';
import type { Publish } from '../publish/publisher.ts';
import { readTls } from '../tls.ts';
import { modelService } from './model-service.ts';
import { predictionService } from './prediction-service.ts';
import { addServices, type Health } from './services.ts';
import { streamService } from './stream-service.ts';

/** How often grpc.health.v1 is brought in line with readiness. */
const healthMs = 250;

const keepHealth = (health: Health, { notReady, draining }: DoorOptions): NodeJS.Timeout => {
  const refresh = (): void => health.set(notReady() === undefined);
  refresh();
  draining.addEventListener('abort', refresh);
  return setInterval(refresh, healthMs).unref();
};

export interface RpcDoorOptions extends DoorOptions {
  readonly protos: Packages;
  /** Where streams stand while they are open. */
  readonly openStreams: Set<object>;
  readonly publish: Publish;
}

/** Opens the gRPC door. */
export const startRpcDoor = async (options: RpcDoorOptions): Promise<Door> => {
  const { config, log, tracer, draining, handle, backend, models, predictions, streams } = options;
  const { protos, openStreams, publish } = options;
  const toServiceError = serviceErrors(protos);
  const environment = {
    tracer,
    log,
    toServiceError,
    draining,
    maxInFlightPerStream: config.MAX_STREAM_IN_FLIGHT,
    openStreams,
  };
  const stack = new AsyncDisposableStack();
  const server = stack.use(
    await startRpcServer({
      host: config.BIND_HOST,
      port: config.GRPC_PORT,
      reusePort: config.REUSE_PORT,
      tls: readTls(config),
      limits: {
        ...defaultLimits,
        maxMessageBytes: config.MAX_MESSAGE_BYTES,
        receiveMs: config.RECEIVE_MS,
      },
      drainMs: config.DRAIN_MS,
      addServices: (rpc) => {
        const health = addServices(rpc, protos, {
          inference: inferenceService(backend, environment),
          prediction: predictionService({ handle, predictions }, environment),
          model: modelService(models, publish, environment),
          stream: streamService(streams, environment),
        });
        stack.adopt(keepHealth(health, options), clearInterval);
      },
    }),
  );
  return { port: server.port, [Symbol.asyncDispose]: () => stack.disposeAsync() };
};
