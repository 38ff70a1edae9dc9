import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { text } from 'node:stream/consumers';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** JSON. */
  readonly body: string | undefined;
  /** Roots that are trusted in place of the well-known ones, in PEM. */
  readonly tlsRoots: Buffer | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

const open = ({ method, url, body, tlsRoots, signal }: HttpRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
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
  return { status: response.statusCode ?? 0, text: await text(response) };
};
