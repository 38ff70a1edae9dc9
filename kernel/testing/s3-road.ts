import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** What the road does with a request instead of passing it on whole. */
export type Mishap = 'answer lost' | 'answer cut';

/** A road to a server that counts what passes, and on which accidents happen. */
export interface S3Road extends AsyncDisposable {
  readonly url: string;
  /** `PUT /bucket/key`, in their order; emptied by reading. */
  passed(): string[];
  /** The next request that fits has an accident. */
  next(fits: RegExp, mishap: Mishap): void;
}

/** Opens a road to a port of this machine. */
export const openS3Road = async (port: number): Promise<S3Road> => {
  const seen: string[] = [];
  const accidents: { readonly fits: RegExp; readonly mishap: Mishap }[] = [];
  const mishapOf = (line: string): Mishap | undefined => {
    const index = accidents.findIndex(({ fits }) => fits.test(line));
    return index < 0 ? undefined : accidents.splice(index, 1)[0]?.mishap;
  };
  const answer = async (from: IncomingMessage, to: ServerResponse, mishap?: Mishap): Promise<void> => {
    if (mishap === 'answer lost') to.destroy();
    if (mishap === undefined) {
      to.writeHead(from.statusCode ?? 500, from.headers);
      await pipeline(from, to);
      return;
    }
    if (mishap === 'answer cut') to.writeHead(from.statusCode ?? 500, from.headers);
    for await (const chunk of from) {
      if (mishap === 'answer cut') to.write(chunk.subarray(0, 1), () => to.destroy());
      break;
    }
  };
  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    seen.push(line);
    const mishap = mishapOf(line);
    const { method, url: path, headers } = incoming;
    const onward = request({ port, host: '127.0.0.1', method, path, headers }, (from) => {
      answer(from, outgoing, mishap).catch(() => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: () => seen.splice(0),
    next: (fits, mishap) => void accidents.push({ fits, mishap }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
