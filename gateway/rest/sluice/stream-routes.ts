import type { MessageTypes } from '@sluice/kernel/protobuf/load-types';
import type { Streams } from '../../streams/streams.ts';
import { type HttpAnswer, jsonAnswer } from '../http/http-answer.ts';
import type { Route } from '../http/route.ts';
import { operations } from './operations.ts';
import { toProtoJson } from './proto-json.ts';

/** How the streams stand, over REST. */
export const streamRoutes = ({ list, get }: Streams, types: MessageTypes): Route[] => {
  const write = (type: string, message: object): HttpAnswer =>
    jsonAnswer(toProtoJson(types(`sluice.v1.${type}`), message));
  return [
    {
      method: 'GET',
      path: '/v1/streams',
      operation: operations.listStreams,
      answer: () => write('ListStreamsResponse', list()),
    },
    {
      method: 'GET',
      path: '/v1/streams/{name}',
      operation: operations.getStream,
      answer: ({ path }) => write('GetStreamResponse', get(path['name'] ?? '')),
    },
  ];
};
