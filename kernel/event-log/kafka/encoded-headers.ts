import type { SentHeader } from '../event-log.ts';
import { sizedBytes, type Writer } from './writer.ts';

const maxNames = 1_024;

/** Names of headers as bytes: there are few of them. */
const nameBytes = (() => {
  const known = new Map<string, Buffer>();
  return (name: string): Buffer => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const bytes = Buffer.from(name);
    if (known.size < maxNames) known.set(name, bytes);
    return bytes;
  };
})();

export const bytesOfHeaders = (headers: readonly SentHeader[]): number => {
  let bytes = 0;
  for (const [name, content] of headers) bytes += sizedBytes(nameBytes(name)) + sizedBytes(content);
  return bytes;
};

export const putHeaders = (writer: Writer, headers: readonly SentHeader[]): void => {
  for (const [name, content] of headers) {
    writer.sized(nameBytes(name));
    writer.sized(content);
  }
};
