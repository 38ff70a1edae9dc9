import { z } from 'zod';
import { CommandFailure, exitCodes } from './command-failure.ts';

export interface GatewayOptions {
  /** `http://127.0.0.1:8000` */
  readonly server: string;
  readonly timeoutMs: number;
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
});

/** Errors of `/v1` have a message, those of `/v2` an error; both have a code (contracts §2). */
const errorBody = z.object({
  code: z.string().optional(),
  message: z.string().optional(),
  error: z.string().optional(),
  violations: z.array(violation).default([]),
});

/**
 * Asks the gateway. Answers whatever its status.
 * @throws CommandFailure UNREACHABLE or TIMEOUT
 */
export const ask = async (
  gateway: GatewayOptions,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer> => {
  try {
    const response = await fetch(new URL(path, gateway.server), {
      method,
      signal: AbortSignal.timeout(gateway.timeoutMs),
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    return { status: response.status, body: parseBody(await response.text()) };
  } catch (error) {
    throw connectionFailure(gateway, error);
  }
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
): Promise<unknown> => {
  const answer = await ask(gateway, method, path, body);
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  const parsed = errorBody.safeParse(answer.body);
  const { code, message, error, violations } = parsed.success ? parsed.data : errorBody.parse({});
  throw new CommandFailure(message ?? error ?? `the gateway answered ${answer.status}`, {
    code: code ?? `HTTP_${answer.status}`,
    exitCode: exitCodes.failed,
    violations,
  });
};

/** `/v1/models/churn/versions/1.0.0` */
export const releasePath = (door: 'v1' | 'v2', model: string, version: string | undefined): string => {
  const base = `/${door}/models/${encodeURIComponent(model)}`;
  return version === undefined ? base : `${base}/versions/${encodeURIComponent(version)}`;
};

const parseBody = (text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const connectionFailure = ({ server, timeoutMs }: GatewayOptions, error: unknown): CommandFailure => {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new CommandFailure(`${server} did not answer within ${timeoutMs / 1000} s`, {
      code: 'TIMEOUT',
      exitCode: exitCodes.unreachable,
    });
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason =
    cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
  return new CommandFailure(
    `no gateway can be reached at ${server} (${reason}); is it running? --server or SLUICE_SERVER says where`,
    {
      code: 'UNREACHABLE',
      exitCode: exitCodes.unreachable,
    },
  );
};
