import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import type { HttpAnswer } from './http-answer.ts';

/** Smaller bodies gain nothing. */
const minBytes = 256;

const encoders = { gzip: promisify(gzip), deflate: promisify(deflate) } as const;
type Encoding = keyof typeof encoders;

const wants = (accept: string, encoding: Encoding): boolean =>
  accept.split(',').some((item) => {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return name === encoding && Number(quality?.slice(2) ?? 1) > 0;
  });

/** The encoding that an Accept-Encoding header asks for: gzip before deflate; undefined: none of them. */
export const chosenEncoding = (accept: string): Encoding | undefined => {
  if (accept === '') return undefined;
  return (['gzip', 'deflate'] as const).find((encoding) => wants(accept, encoding));
};

/** The answer in the encoding that the caller asked for, where that is worth while. */
export const compress = async (answer: HttpAnswer, accept: string): Promise<HttpAnswer> => {
  if (answer.plain || answer.body.length < minBytes) return answer;
  const encoding = chosenEncoding(accept);
  if (encoding === undefined) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, 'content-encoding': encoding, vary: 'accept-encoding' },
    body: await encoders[encoding](answer.body),
  };
};
