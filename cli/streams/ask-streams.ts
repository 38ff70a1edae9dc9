import { z } from 'zod';
import { call, type GatewayOptions } from '../gateway-client.ts';
import { type StreamAnswer, streamAnswer, streamList } from './stream-answer.ts';

export interface AskedStreams {
  /** As the gateway said it. */
  readonly body: unknown;
  readonly streams: readonly StreamAnswer[];
}

/** All streams, or one. @throws CommandFailure with the gateway's code: STREAM_NOT_FOUND */
export const askStreams = async (gateway: GatewayOptions, name?: string): Promise<AskedStreams> => {
  if (name === undefined) {
    const body = await call(gateway, 'GET', '/v1/streams');
    return { body, streams: streamList.parse(body).streams };
  }
  const body = await call(gateway, 'GET', `/v1/streams/${encodeURIComponent(name)}`);
  return { body, streams: [z.object({ stream: streamAnswer }).parse(body).stream] };
};
