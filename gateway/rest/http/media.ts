import { SluiceError } from '@sluice/kernel/errors/sluice-error';

export const json = 'application/json';
export const octets = 'application/octet-stream';
/** What libcurl says when it is not told: Triton's C++ client does not tell it, nor does `curl -d`. */
export const undeclared = 'application/x-www-form-urlencoded';

/** The media type alone, in lower case. */
const essenceOf = (contentType: string): string => (contentType.split(';')[0] ?? '').trim().toLowerCase();

/**
 * No content type at all is accepted: Triton's Python client sends none.
 * @throws SluiceError UNSUPPORTED_ENCODING
 */
export const checkContentType = (contentType: string, accepted: readonly string[]): void => {
  const essence = essenceOf(contentType);
  if (essence === '' || accepted.includes(essence)) return;
  throw new SluiceError(
    'UNSUPPORTED_ENCODING',
    `content type '${essence}' is not understood here; expected ${accepted.join(' or ')}`,
  );
};
