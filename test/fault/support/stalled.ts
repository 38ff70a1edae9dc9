import { once } from 'node:events';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';

/** A client that has begun a request and does not come to its end. */
export interface Stalled extends Disposable {
  /** The HTTP or gRPC status that it was ended with; '': with none. */
  readonly ended: Promise<string>;
}

/** Between two bytes of what comes slowly. */
const byteMs = 50;
const announced = 100_000;

/** A part of an HTTP request at once, then a letter every now and then, which cannot be all in time. */
export const dripping = async (http: string, part: string): Promise<Stalled> => {
  const { hostname, port } = new URL(http);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  await once(socket, 'connect');
  socket.write(part);
  const timer = setInterval(() => socket.write('x'), byteMs);
  const end = async (): Promise<string> => {
    await once(socket, 'close');
    clearInterval(timer);
    return /^HTTP\/1\.1 (\d+)/.exec(received)?.[1] ?? '';
  };
  return { ended: end(), [Symbol.dispose]: () => void socket.destroy() };
};

const line = 'POST /v1/models/echo:predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
/** The headers are there, the body is not. */
export const partOfBody = `${line}content-length: ${announced}\r\n\r\n{`;
export const partOfHeaders = `${line}x-slow: `;

/** A unary call over a connection of its own, of whose message a part is sent and nothing more. */
export const partOfMessage = async (address: string): Promise<Stalled> => {
  const session = connectHttp2(`http://${address}`).on('error', () => undefined);
  const stream = session.request({
    ':method': 'POST',
    ':path': '/inference.GRPCInferenceService/ModelInfer',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let status = '';
  const look = (headers: IncomingHttpHeaders): void => {
    status = String(headers['grpc-status'] ?? status);
  };
  stream
    .on('response', look)
    .on('trailers', look)
    .on('error', () => undefined);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(announced, 1);
  stream.resume().write(Buffer.concat([prefix, Buffer.alloc(announced / 2)]));
  return {
    ended: once(stream, 'end').then(() => status),
    [Symbol.dispose]: () => session.destroy(),
  };
};
