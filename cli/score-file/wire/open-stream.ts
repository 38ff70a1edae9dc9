import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
} from 'node:http2';
import { splitFrames, type TakeMessage } from './split-frames.ts';

/** Where a gateway's gRPC door is. */
export interface GrpcDoor {
  /** host:port */
  readonly address: string;
  /** Roots that are trusted, in PEM; undefined: the connection is not encrypted; empty: the well-known ones. */
  readonly tlsRoots: Buffer | undefined;
}

/** Why a stream is over. */
export interface StreamEnd {
  /** The gRPC status that the gateway ended it with; undefined: the connection failed or was lost. */
  readonly status: number | undefined;
  readonly message: string;
}

export interface StreamEvents {
  /** What it throws ends the stream. */
  readonly answered: TakeMessage;
  /** What was sent has left: more may follow. */
  readonly drained: () => void;
  /** Once, and nothing comes after it. */
  readonly ended: (end: StreamEnd) => void;
}

/** One PredictStream on a connection of its own. */
export interface PredictStream {
  /** Sends gRPC frames; false: wait for `drained` before more. */
  readonly send: (frames: Buffer) => boolean;
  /** Ends it at once, without an event. */
  readonly close: () => void;
}

const path = '/sluice.v1.PredictionService/PredictStream';
/** What may be on its way here unread. HTTP/2 begins with 65,535. */
const windowBytes = 1024 * 1024;

const sessionTo = ({ address, tlsRoots }: GrpcDoor): ClientHttp2Session => {
  const settings = { initialWindowSize: windowBytes, enablePush: false };
  const session =
    tlsRoots === undefined
      ? connect(`http://${address}`, { settings })
      : connect(`https://${address}`, { settings, ...(tlsRoots.length > 0 && { ca: tlsRoots }) });
  session.once('connect', () => session.setLocalWindowSize(windowBytes));
  return session;
};

const wordsOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message;

const endIn = (headers: IncomingHttpHeaders): StreamEnd | undefined => {
  const { 'grpc-status': status, 'grpc-message': text = '' } = headers;
  if (status !== undefined) return { status: Number(status), message: decodeURIComponent(String(text)) };
  const http = headers[':status'];
  if (http === undefined || Number(http) === 200) return undefined;
  return { status: undefined, message: `HTTP status ${http}` };
};

/** Answers are taken off until the stream ends, in whatever way. */
const follow = (
  stream: ClientHttp2Stream,
  answered: StreamEvents['answered'],
  end: StreamEvents['ended'],
): void => {
  const split = splitFrames(answered);
  stream.on('data', (chunk: Buffer) => {
    try {
      split(chunk);
    } catch (error) {
      end({ status: undefined, message: error instanceof Error ? error.message : String(error) });
    }
  });
  for (const event of ['response', 'trailers'] as const)
    stream.on(event, (headers: IncomingHttpHeaders) => {
      const told = endIn(headers);
      if (told !== undefined) end(told);
    });
};

/**
 * Opens a PredictStream over plain HTTP/2, with as many frames in one write as there are: grpc-js and proto-loader take
 * longer for a row than all of the command does (docs/adr/0031-score-file-speaks-http2.md).
 */
export const openStream = (door: GrpcDoor, { answered, drained, ended }: StreamEvents): PredictStream => {
  const session = sessionTo(door);
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let isOver = false;
  const close = (): void => {
    isOver = true;
    session.destroy();
  };
  const end = (told: StreamEnd): void => {
    if (isOver) return;
    close();
    ended(told);
  };
  const lost = (error: Error): void => end({ status: undefined, message: wordsOf(error) });
  session.on('error', lost);
  stream.on('error', lost);
  stream.on('close', () => end({ status: undefined, message: 'the connection was closed' }));
  session.on('close', () => end({ status: undefined, message: 'the connection was closed' }));
  stream.on('drain', drained);
  follow(
    stream,
    (...message) => {
      if (!isOver) answered(...message);
    },
    end,
  );
  return { send: (frames) => !isOver && stream.write(frames), close };
};
