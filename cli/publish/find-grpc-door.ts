import { z } from 'zod';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import { call, type GatewayOptions } from '../gateway-client.ts';

const health = z.object({ grpc: z.string().regex(/:\d+$/) });

/** host:port of the gateway's gRPC door: what was given, else the port that its HTTP door tells, on the same host. */
export const findGrpcDoor = async (gateway: GatewayOptions, given: string | undefined): Promise<string> => {
  if (given !== undefined && given !== '') return given;
  const told = health.safeParse(await call(gateway, 'GET', '/health'));
  if (told.success) return `${new URL(gateway.server).hostname}:${told.data.grpc.split(':').at(-1)}`;
  throw new CommandFailure(
    `${gateway.server}/health does not tell where the gRPC door is: --grpc-server or SLUICE_GRPC_SERVER says so`,
    { code: 'UNREACHABLE', exitCode: exitCodes.unreachable },
  );
};
