import { compare } from './ask.ts';
import type { Outcome } from './outcome.ts';

interface Body {
  readonly requestId?: string;
  readonly prediction?: { readonly outputs?: Readonly<Record<string, unknown>> };
  readonly code?: string;
  readonly message?: string;
}

interface Posted {
  readonly model: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly check: (answer: Body) => Outcome;
}

/** Seconds of the header, as milliseconds. */
const retryAfterOf = ({ headers }: Response): number => Number(headers.get('retry-after') ?? 0) * 1000;

const read = async (response: Response, check: Posted['check']): Promise<Outcome> => {
  const answer = (await response.json()) as Body;
  if (response.ok) return check(answer);
  const [{ status }, { code, message = '' }] = [response, answer];
  return { code: code ?? `HTTP_${status}`, status, message, retryAfterMs: retryAfterOf(response) };
};

/** Asks a model over REST; NO_CONNECTION: the connection was refused, or ended before there was an answer. */
export const postPredict = async (
  http: string,
  { model, body, headers, check }: Posted,
): Promise<Outcome> => {
  try {
    const response = await fetch(`${http}/v1/models/${model}:predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return await read(response, check);
  } catch (error) {
    return { code: 'NO_CONNECTION', message: String(error instanceof Error ? error.cause : error) };
  }
};

/** Asks `echo`. */
export const askRest = (http: string, id = 1): Promise<Outcome> =>
  postPredict(http, {
    model: 'echo',
    body: { requestId: String(id), features: { x0: [id] } },
    check: ({ requestId = '', prediction }) => compare(id, requestId, prediction?.outputs?.['y0']),
  });
