import { type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeResponse';
import type { Packages } from '@sluice/protos/load';
import { encodeEntries } from '../link/encode-entries.ts';
import { gatewayExchange } from './gateway-exchange.ts';

const options = {
  // What a release answers may be larger than any event; a limit would break the link for all.
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  // Whoever has the link waits before it opens the next one; a connection is tried once.
  'grpc.initial_reconnect_backoff_ms': 60_000,
  // Finds a gateway whose machine is gone while nothing is asked of it.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc-node.flow_control_window': 4 * 1024 * 1024,
  // Each link has a connection of its own, so that a new one does not begin on what is dead.
  'grpc.use_local_subchannel_pool': 1,
};

/** One Exchange with a gateway, on a connection of its own. */
export interface GatewayStream extends Disposable {
  readonly call: ClientDuplexStream<ExchangeRequest, ExchangeResponse__Output>;
}

/** Entries, of which there are many, are written by hand; in protobuf a message is the sum of its parts. */
const frameWriter = ({ sluice, google }: Packages): ((frame: ExchangeRequest) => Buffer) => {
  const { requestSerialize } = sluice.gateway.v1.GatewayService.service.Exchange;
  return ({ entries = [], ...others }) => {
    const rest = requestSerialize(others);
    if (entries.length === 0) return rest;
    return Buffer.concat([rest, encodeEntries(entries, google.protobuf.Struct.serialize)]);
  };
};

/** Connects to the private port of a gateway, host:port. The call fails when that cannot be done. Disposing leaves it at once. */
export const openGatewayStream = (protos: Packages, address: string): GatewayStream => {
  const { GatewayService } = protos.sluice.gateway.v1;
  const client = new GatewayService(address, credentials.createInsecure(), options);
  const { path, responseDeserialize } = gatewayExchange(protos).Exchange;
  const call = client.makeBidiStreamRequest(path, frameWriter(protos), responseDeserialize);
  return {
    call,
    [Symbol.dispose]: () => {
      call.cancel();
      client.close();
    },
  };
};
