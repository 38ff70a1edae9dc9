import { runtimeClient } from '@sluice/kernel/rpc/runtime-exchange';
import type { RuntimeServiceClient } from '@sluice/protos/gen/sluice/runtime/v1/RuntimeService';
import type { Packages } from '@sluice/protos/load';

export type RuntimeClient = RuntimeServiceClient;

const options = {
  // What a release answers may be larger than any request; a limit would break the link for all.
  'grpc.max_receive_message_length': -1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // A graph that computes for long answers no ping meanwhile; that must not look like a lost runtime.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 60_000,
  'grpc-node.flow_control_window': 4 * 1024 * 1024,
  // Clients of one address would share a connection otherwise.
  'grpc.use_local_subchannel_pool': 1,
};

/** A client with a connection of its own. */
export const openRuntimeClient = (packages: Packages, address: string): RuntimeClient =>
  runtimeClient(packages, address, options);
