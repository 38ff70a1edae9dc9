import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** undefined: none. */
  readonly body: string | Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Roots that are trusted in place of the well-known ones, in PEM. */
  readonly tlsRoots: Buffer | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

const open = ({ method, url, body, headers, tlsRoots, signal }: HttpRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const options = { method, headers, signal };
    const request =
      url.protocol === 'https:'
        ? secureRequest(url, tlsRoots === undefined ? options : { ...options, ca: tlsRoots })
        : plainRequest(url, options);
    request.once('response', resolve).once('error', reject).end(body);
  });

/** Sends a request; unlike fetch it can be told whose certificates are to be trusted. */
export const httpRequest = async (request: HttpRequest): Promise<HttpAnswer> => {
  const response = await open(request);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes: await buffer(response),
  };
};
