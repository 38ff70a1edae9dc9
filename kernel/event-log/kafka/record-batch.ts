import { writeAscii } from '../../collections/write-ascii.ts';
import type { SentHeader } from '../event-log.ts';
import { crc32c } from './crc32c.ts';

/**
 * Record batches as the protocol has them since Kafka 0.11 (https://kafka.apache.org/documentation/#recordbatch). kafkajs
 * makes a buffer of 512 bytes for each record and each of its headers: of what a record with eight headers took in
 * sending, four fifths.
 */

/** A message on its way into a batch. */
export interface BatchRecord {
  readonly key: Buffer;
  readonly value: Buffer | null;
  /** Before its own headers. */
  readonly shared: EncodedHeaders;
  readonly headers: readonly SentHeader[];
  /** Not given: now. */
  readonly timestampMs: number | undefined;
}

/** Headers that many records have. */
export interface EncodedHeaders {
  readonly count: number;
  readonly bytes: Buffer;
}

/** Who writes it; kafkajs has the numbers as text. */
export interface BatchProducer {
  readonly producerId: unknown;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly isTransactional: boolean;
}

const headBytes = 61;
/** What the checksum is of begins here, and the length of what follows is that from here on. */
const checkedFrom = 21;
const lengthFrom = 12;
const magic = 2;
const transactionalFlag = 16;

/** Bytes of a number that is not negative, as a varint in zigzag. */
const varintBytes = (value: number): number => {
  let bytes = 1;
  for (let left = value * 2; left >= 128; left = Math.floor(left / 128)) bytes += 1;
  return bytes;
};

/** A varint of a length that is not there. */
const none = 1;

/** Below so many bytes a loop is quicker than a call. */
const shortBytes = 48;

export const byteLength = (source: Buffer | string): number =>
  typeof source === 'string' ? Buffer.byteLength(source) : source.length;

/** Writes into a buffer from front to back. */
class Writer {
  readonly bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.#at = at;
  }

  byte(value: number): void {
    this.bytes[this.#at] = value;
    this.#at += 1;
  }

  varint(value: number): void {
    let left = value * 2;
    for (; left >= 128; left = Math.floor(left / 128)) this.byte((left % 128) + 128);
    this.byte(left);
  }

  put(source: Buffer): void {
    const { length } = source;
    if (length < shortBytes)
      for (let index = 0; index < length; index += 1) this.bytes[this.#at + index] = source[index] as number;
    else this.bytes.set(source, this.#at);
    this.#at += length;
  }

  /** With its length before it. */
  sized(source: Buffer | string): void {
    const length = byteLength(source);
    this.varint(length);
    if (typeof source === 'string') this.#text(source, length);
    else this.put(source);
  }

  #text(text: string, length: number): void {
    if (length > shortBytes || !writeAscii(this.bytes, this.#at, text)) this.bytes.write(text, this.#at);
    this.#at += length;
  }
}

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

const sizedBytes = (source: Buffer | string): number => {
  const length = byteLength(source);
  return varintBytes(length) + length;
};

const bytesOfHeaders = (headers: readonly SentHeader[]): number => {
  let bytes = 0;
  for (const [name, content] of headers) bytes += sizedBytes(nameBytes(name)) + sizedBytes(content);
  return bytes;
};

const putHeaders = (writer: Writer, headers: readonly SentHeader[]): void => {
  for (const [name, content] of headers) {
    writer.sized(nameBytes(name));
    writer.sized(content);
  }
};

export const encodeHeaders = (headers: readonly SentHeader[]): EncodedHeaders => {
  const bytes = Buffer.allocUnsafe(bytesOfHeaders(headers));
  putHeaders(new Writer(bytes, 0), headers);
  return { count: headers.length, bytes };
};

/** Of a record without its own length. */
const bodyBytes = (
  { key, value, shared, headers }: BatchRecord,
  offset: number,
  timeDelta: number,
): number => {
  const head = 1 + varintBytes(timeDelta) + varintBytes(offset) + varintBytes(shared.count + headers.length);
  const content = sizedBytes(key) + (value === null ? none : sizedBytes(value));
  return head + content + shared.bytes.length + bytesOfHeaders(headers);
};

const putRecord = (writer: Writer, record: BatchRecord, offset: number, timeDelta: number): void => {
  const { key, value, shared, headers } = record;
  writer.byte(0);
  writer.varint(timeDelta);
  writer.varint(offset);
  writer.sized(key);
  if (value === null) writer.byte(none);
  else writer.sized(value);
  writer.varint(shared.count + headers.length);
  writer.put(shared.bytes);
  putHeaders(writer, headers);
};

const putHead = (
  batch: Buffer,
  { producerId, producerEpoch, firstSequence, isTransactional }: BatchProducer,
  { records, first, last }: { readonly records: number; readonly first: number; readonly last: number },
): void => {
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - lengthFrom, 8);
  batch.writeInt32BE(0, lengthFrom);
  batch.writeInt8(magic, 16);
  batch.writeInt16BE(isTransactional ? transactionalFlag : 0, checkedFrom);
  batch.writeInt32BE(records - 1, 23);
  batch.writeBigInt64BE(BigInt(first), 27);
  batch.writeBigInt64BE(BigInt(last), 35);
  batch.writeBigInt64BE(BigInt(String(producerId)), 43);
  batch.writeInt16BE(producerEpoch, 51);
  batch.writeInt32BE(firstSequence, 53);
  batch.writeInt32BE(records, 57);
  batch.writeUInt32BE(crc32c(batch, checkedFrom), 17);
};

/** One batch without compression of at least one record. */
export const encodeBatch = (records: readonly BatchRecord[], producer: BatchProducer): Buffer => {
  const now = Date.now();
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { timestampMs = now } of records) {
    first = Math.min(first, timestampMs);
    last = Math.max(last, timestampMs);
  }
  const sizes = records.map((record, offset) =>
    bodyBytes(record, offset, (record.timestampMs ?? now) - first),
  );
  const bytes = sizes.reduce((sum, size) => sum + varintBytes(size) + size, headBytes);
  const batch = Buffer.allocUnsafe(bytes);
  const writer = new Writer(batch, headBytes);
  for (const [offset, record] of records.entries()) {
    writer.varint(sizes[offset] ?? 0);
    putRecord(writer, record, offset, (record.timestampMs ?? now) - first);
  }
  putHead(batch, producer, { records: records.length, first, last });
  return batch;
};
