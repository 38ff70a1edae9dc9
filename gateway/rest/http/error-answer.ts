import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { type HttpAnswer, jsonAnswer } from './http-answer.ts';

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
  const { code, message, meaning } = error;
  return isV2(path)
    ? jsonAnswer({ error: message, code }, headersOf(error), meaning.httpV2)
    : jsonAnswer(bodyOf(error), headersOf(error), meaning.http);
};
