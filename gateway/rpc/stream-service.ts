import { type RpcEnvironment, unary } from '@sluice/kernel/rpc/unary';
import type { GetStreamRequest__Output } from '@sluice/protos/gen/sluice/v1/GetStreamRequest';
import type { StreamServiceHandlers } from '@sluice/protos/gen/sluice/v1/StreamService';
import type { Streams } from '../streams/streams.ts';

const service = 'sluice.v1.StreamService';

/** How the streams stand. */
export const streamService = (
  { list, get }: Streams,
  environment: RpcEnvironment,
): StreamServiceHandlers => ({
  ListStreams: unary(environment, `${service}/ListStreams`, () => list()),
  GetStream: unary(environment, `${service}/GetStream`, ({ name }: GetStreamRequest__Output) => get(name)),
});
