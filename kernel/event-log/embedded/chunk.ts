import { writeAscii } from '../../collections/write-ascii.ts';
import type { Header, Message, Received, SentHeader } from '../event-log.ts';

/**
 * Messages of one partition that lie together. The head: how many there are (4 bytes), when they were written (8), the
 * latest time of them and of all before them (8); then the messages, one after the other.
 */
export interface ChunkHead {
  readonly count: number;
  readonly writtenMs: number;
  readonly latestMs: number;
}

export const headBytes = 20;

export const readHead = (chunk: Buffer): ChunkHead => ({
  count: chunk.readUInt32LE(0),
  writtenMs: chunk.readDoubleLE(4),
  latestMs: chunk.readDoubleLE(12),
});

export const writeHead = (chunk: Buffer, { count, writtenMs, latestMs }: ChunkHead): void => {
  chunk.writeUInt32LE(count, 0);
  chunk.writeDoubleLE(writtenMs, 4);
  chunk.writeDoubleLE(latestMs, 12);
};

/** Time (8 bytes), lengths of key and value and number of headers (4 each). */
const fixedBytes = 20;
/** Lengths of name and value. */
const fixedHeaderBytes = 8;
/** Instead of the length of a value: there is none. */
const noValue = 0xffffffff;

const sizeOfHeaders = (headers: readonly SentHeader[]): number => {
  let size = 0;
  for (const [name, content] of headers)
    size += fixedHeaderBytes + Buffer.byteLength(name) + Buffer.byteLength(content);
  return size;
};

const writeText = (chunk: Buffer, at: number, text: string): number =>
  writeAscii(chunk, at, text) ? text.length : chunk.write(text, at);

/** Where they end. */
const writeHeaders = (chunk: Buffer, at: number, headers: readonly SentHeader[]): number => {
  let end = at;
  for (const [name, content] of headers) {
    const nameAt = end + fixedHeaderBytes;
    const contentAt = nameAt + writeText(chunk, nameAt, name);
    const contentBytes =
      typeof content === 'string' ? writeText(chunk, contentAt, content) : content.copy(chunk, contentAt);
    chunk.writeUInt32LE(contentAt - nameAt, end);
    chunk.writeUInt32LE(contentBytes, end + 4);
    end = contentAt + contentBytes;
  }
  return end;
};

/** Headers that many messages have, as they lie before the others of each. */
export interface SharedHeaders {
  readonly count: number;
  readonly bytes: Buffer;
}

export const encodeShared = (headers: readonly SentHeader[]): SharedHeaders => {
  const bytes = Buffer.alloc(sizeOfHeaders(headers));
  writeHeaders(bytes, 0, headers);
  return { count: headers.length, bytes };
};

/** What a message takes in a chunk. */
export const sizeOf = ({ key, value, headers }: Message, shared: SharedHeaders): number =>
  fixedBytes + key.length + (value?.length ?? 0) + shared.bytes.length + sizeOfHeaders(headers);

/** Writes a message into a chunk; where it ends. */
export const writeMessage = (
  chunk: Buffer,
  at: number,
  message: Message,
  shared: SharedHeaders,
  timestampMs: number,
): number => {
  const { key, value, headers } = message;
  chunk.writeDoubleLE(timestampMs, at);
  chunk.writeUInt32LE(key.length, at + 8);
  chunk.writeUInt32LE(value === null ? noValue : value.length, at + 12);
  chunk.writeUInt32LE(shared.count + headers.length, at + 16);
  const own = at + fixedBytes + shared.bytes.copy(chunk, at + fixedBytes);
  let end = writeHeaders(chunk, own, headers);
  end += key.copy(chunk, end);
  return value === null ? end : end + value.copy(chunk, end);
};

/** A message of a chunk, whose key, value and headers are parts of the chunk's own buffer. */
export interface ReadMessage extends Pick<Received, 'key' | 'value' | 'headers' | 'timestampMs'> {
  readonly key: Buffer;
  readonly bytes: number;
}

const readMessage = (chunk: Buffer, at: number): ReadMessage => {
  const valueLength = chunk.readUInt32LE(at + 12);
  const headers: Header[] = [];
  let end = at + fixedBytes;
  for (let left = chunk.readUInt32LE(at + 16); left > 0; left -= 1) {
    const content = end + fixedHeaderBytes + chunk.readUInt32LE(end);
    const name = chunk.toString('utf8', end + fixedHeaderBytes, content);
    const contentEnd = content + chunk.readUInt32LE(end + 4);
    headers.push([name, chunk.subarray(content, contentEnd)]);
    end = contentEnd;
  }
  const key = chunk.subarray(end, end + chunk.readUInt32LE(at + 8));
  end += key.length;
  const value = valueLength === noValue ? null : chunk.subarray(end, end + valueLength);
  const bytes = end + (value?.length ?? 0) - at;
  return { key, value, headers, timestampMs: chunk.readDoubleLE(at), bytes };
};

/** The messages of a chunk, in their order. */
export const messagesIn = function* (chunk: Buffer): Generator<ReadMessage> {
  const { count } = readHead(chunk);
  let at = headBytes;
  for (let index = 0; index < count; index += 1) {
    const message = readMessage(chunk, at);
    yield message;
    at += message.bytes;
  }
};
