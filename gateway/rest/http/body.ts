import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { refusedJson } from '@sluice/kernel/json/json-bounds';
import type { Parsed } from '@sluice/kernel/tensor/bytes-elements';

const decoders: Readonly<Record<string, (data: Buffer, options: object) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
};

const malformed = (message: string): SluiceError => new SluiceError('MALFORMED_REQUEST', message);

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

/**
 * A body without its Content-Encoding; never more than `maxBytes` are made of it.
 * @throws SluiceError UNSUPPORTED_ENCODING, MESSAGE_TOO_LARGE, MALFORMED_REQUEST
 */
export const decompress = async (body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> => {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decode === undefined)
    throw new SluiceError(
      'UNSUPPORTED_ENCODING',
      `content encoding '${encoding}' is not understood; expected gzip or deflate`,
    );
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error))
      throw new SluiceError(
        'MESSAGE_TOO_LARGE',
        `the body is larger than ${maxBytes} bytes once decompressed`,
      );
    throw malformed(`the body is not valid ${name}: ${messageOf(error)}`);
  }
};

/** JSON of a body, or of its JSON part; the error says where it is wrong. */
export const readJson = (body: Uint8Array): Parsed<unknown> => {
  if (body.byteLength === 0) return { error: 'the body is empty; expected a JSON object' };
  if (!isUtf8(body)) return { error: 'the body is not UTF-8' };
  const refused = refusedJson(body);
  if (refused !== undefined) return { error: `the body ${refused}` };
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: `the body is not valid JSON: ${messageOf(error)}` };
  }
};

/** The same. @throws SluiceError MALFORMED_REQUEST */
export const parseJson = (body: Uint8Array): unknown => {
  const read = readJson(body);
  if ('error' in read) throw malformed(read.error);
  return read.value;
};
