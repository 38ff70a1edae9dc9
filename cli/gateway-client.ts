import { z } from 'zod';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { type HttpAnswer, httpRequest } from './http-request.ts';

export interface GatewayOptions {
  /** `http://127.0.0.1:8000` */
  readonly server: string;
  readonly timeoutMs: number;
  /** Roots that are trusted in place of the well-known ones, in PEM. */
  readonly tlsRoots: Buffer | undefined;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON; the text itself if it is none; undefined if it is empty. */
  readonly body: unknown;
}

const violation = z.object({
  path: z.string().default(''),
  rule: z.string().default(''),
  message: z.string().default(''),
  allowed: z.array(z.string()).optional(),
});

/** Errors of `/v1` have a message, those of `/v2` an error; both have a code (contracts §2). */
const errorBody = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  error: z.string().optional(),
  violations: z.array(violation).default([]),
});

export type Headers = Readonly<Record<string, string>>;

/**
 * Asks the gateway in whatever form. Answers whatever its status.
 * @throws CommandFailure UNREACHABLE or TIMEOUT
 */
export const askBytes = async (
  gateway: GatewayOptions,
  method: 'GET' | 'POST',
  path: string,
  {
    body,
    headers = {},
  }: { readonly body?: string | Uint8Array | undefined; readonly headers?: Headers } = {},
): Promise<HttpAnswer> => {
  const signal = AbortSignal.timeout(gateway.timeoutMs);
  const url = new URL(path, gateway.server);
  try {
    return await httpRequest({ method, url, body, headers, tlsRoots: gateway.tlsRoots, signal });
  } catch (error) {
    throw signal.aborted ? timeoutFailure(gateway) : connectionFailure(gateway, error);
  }
};

/**
 * The same with JSON.
 * @throws CommandFailure UNREACHABLE or TIMEOUT
 */
export const ask = async (
  gateway: GatewayOptions,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  headers?: Headers,
): Promise<Answer> => {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const { status, bytes } = await askBytes(gateway, method, path, {
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { ...json, ...headers },
  });
  return { status, body: parseBody(bytes.toString('utf8')) };
};

/**
 * Asks the gateway and expects success.
 * @throws CommandFailure with the gateway's own code and violations
 */
export const call = async (
  gateway: GatewayOptions,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  headers?: Headers,
): Promise<unknown> => {
  const answer = await ask(gateway, method, path, body, headers);
  if (isSuccess(answer)) return answer.body;
  throw failureIn(answer);
};

export const isSuccess = ({ status }: Pick<Answer, 'status'>): boolean => status >= 200 && status < 300;

/** What the gateway said in an answer that is no success. */
export const failureIn = ({ status, body }: Answer): CommandFailure => {
  const parsed = errorBody.safeParse(body);
  const { code, message, error, violations } = parsed.success ? parsed.data : errorBody.parse({});
  return new CommandFailure(message ?? error ?? `the gateway answered ${status}`, {
    code: code ?? `HTTP_${status}`,
    exitCode: exitCodes.failed,
    violations,
  });
};

/** `/v1/models/churn/versions/1.0.0` */
export const releasePath = (door: 'v1' | 'v2', model: string, version: string | undefined): string => {
  const base = `/${door}/models/${encodeURIComponent(model)}`;
  return version === undefined ? base : `${base}/versions/${encodeURIComponent(version)}`;
};

export const parseBody = (text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export const timeoutFailure = ({ server, timeoutMs }: GatewayOptions): CommandFailure =>
  new CommandFailure(`${server} did not answer within ${timeoutMs / 1000} s`, {
    code: 'TIMEOUT',
    exitCode: exitCodes.unreachable,
  });

/** Nothing says so on the other side: it answers in the other language, or not at all. */
const hints: Readonly<Record<string, string>> = {
  EPROTO: 'does it speak TLS? then https:// is expected there, else http://',
  ECONNRESET: 'does it speak TLS? then https:// is expected there',
  HPE_INVALID_CONSTANT: 'does it speak TLS? then https:// is expected there',
  DEPTH_ZERO_SELF_SIGNED_CERT: '--tls-ca or SLUICE_TLS_CA says which certificates are to be trusted',
  SELF_SIGNED_CERT_IN_CHAIN: '--tls-ca or SLUICE_TLS_CA says which certificates are to be trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: '--tls-ca or SLUICE_TLS_CA says which certificates are to be trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: '--tls-ca or SLUICE_TLS_CA says which certificates are to be trusted',
};

const usualHint = 'is it running? --server or SLUICE_SERVER says where';

export const unreachable = (where: string, reason: string): CommandFailure =>
  new CommandFailure(`no gateway can be reached at ${where} (${reason}); ${hints[reason] ?? usualHint}`, {
    code: 'UNREACHABLE',
    exitCode: exitCodes.unreachable,
  });

const connectionFailure = ({ server }: GatewayOptions, error: unknown): CommandFailure => {
  const reason =
    error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error);
  return unreachable(server, reason);
};
