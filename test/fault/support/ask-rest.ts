import { compare } from './ask.ts';
import type { Outcome } from './outcome.ts';

interface Body {
  readonly requestId?: string;
  readonly prediction?: { readonly outputs?: Readonly<Record<string, unknown>> };
  readonly code?: string;
  readonly message?: string;
}

/** Seconds of the header, as milliseconds. */
const retryAfterOf = ({ headers }: Response): number => Number(headers.get('retry-after') ?? 0) * 1000;

const read = async (response: Response, id: number): Promise<Outcome> => {
  const { requestId = '', prediction, code, message = '' } = (await response.json()) as Body;
  if (response.ok) return compare(id, requestId, prediction?.outputs?.['y0']);
  const { status } = response;
  return { code: code ?? `HTTP_${status}`, status, message, retryAfterMs: retryAfterOf(response) };
};

/** Asks `echo` over REST; NO_CONNECTION: the connection was refused, or ended before there was an answer. */
export const askRest = async (http: string, id = 1): Promise<Outcome> => {
  try {
    const response = await fetch(`${http}/v1/models/echo:predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requestId: String(id), features: { x0: [id] } }),
    });
    return await read(response, id);
  } catch (error) {
    return { code: 'NO_CONNECTION', message: String(error instanceof Error ? error.cause : error) };
  }
};
