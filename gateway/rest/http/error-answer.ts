import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { type HttpAnswer, plainAnswer } from './http-answer.ts';

/** Whether a path belongs to the Open Inference Protocol, whose clients expect another form of error. */
const isV2 = (path: string): boolean => /^\/v2(?:[/?]|$)/.test(path);

const headersOf = ({ retryAfterMs }: SluiceError): Record<string, string> =>
  retryAfterMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };

const bodyOf = ({ code, message, violations, retryAfterMs }: SluiceError) => ({
  code,
  message,
  violations,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

/** An error as the clients of that path expect it (docs/errors.md). */
export const errorAnswer = (error: SluiceError, path: string): HttpAnswer => {
  const { reason: code, message, meaning } = error;
  return isV2(path)
    ? plainAnswer({ error: message, code }, meaning.httpV2, headersOf(error))
    : plainAnswer(bodyOf(error), meaning.http, headersOf(error));
};
