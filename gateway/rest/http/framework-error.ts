import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';

const statusOf = (thrown: unknown): number =>
  thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : 0;

/** What fastify refused before a route saw it, in our words. */
export const fromFramework = (thrown: unknown, maxBytes: number): SluiceError => {
  const status = statusOf(thrown);
  if (thrown instanceof SluiceError || !(thrown instanceof Error) || status < 400 || status >= 500)
    return fromUnknown(thrown);
  if (status === 413)
    return new SluiceError('MESSAGE_TOO_LARGE', `the body is larger than ${maxBytes} bytes`);
  if (status === 415) return new SluiceError('UNSUPPORTED_ENCODING', 'the content type is not understood');
  return new SluiceError('MALFORMED_REQUEST', thrown.message);
};
