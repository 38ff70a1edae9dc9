import type { Message, SentHeader } from '../event-log.ts';
import { crc32c } from './crc32c.ts';
import { bytesOfHeaders, putHeaders } from './encoded-headers.ts';
import { sizedBytes, varintBytes, Writer } from './writer.ts';

/**
 * Record batches as the protocol has them since Kafka 0.11 (https://kafka.apache.org/documentation/#recordbatch). kafkajs
 * makes a buffer of 512 bytes for each record and each of its headers: of what a record with eight headers took in
 * sending, four fifths.
 */

/** Headers that many records have. */
export interface SharedHeaders {
  readonly count: number;
  readonly bytes: Buffer;
}

/** A message on its way into a batch. */
export interface BatchRecord {
  readonly message: Pick<Message, 'key' | 'value' | 'headers'>;
  /** Before its own headers. */
  readonly shared: SharedHeaders;
  /** Whole milliseconds since 1970. */
  readonly timestampMs: number;
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
/** A varint of a length that is not there: -1. */
const none = 1;

export const shareHeaders = (headers: readonly SentHeader[]): SharedHeaders => {
  const bytes = Buffer.allocUnsafe(bytesOfHeaders(headers));
  putHeaders(new Writer(bytes, 0), headers);
  return { count: headers.length, bytes };
};

/** Of a record without its own length. */
const bodyBytes = ({ message, shared }: BatchRecord, offset: number, timeDelta: number): number => {
  const { key, value, headers } = message;
  const head = 1 + varintBytes(timeDelta) + varintBytes(offset) + varintBytes(shared.count + headers.length);
  const content = sizedBytes(key) + (value === null ? none : sizedBytes(value));
  return head + content + shared.bytes.length + bytesOfHeaders(headers);
};

const putRecord = (writer: Writer, record: BatchRecord, offset: number, timeDelta: number): void => {
  const { message, shared } = record;
  const { key, value, headers } = message;
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

/** Messages of one partition that are written in one go, without compression. */
export class RecordBatch {
  readonly #records: BatchRecord[] = [];
  /** Of each record without its own length. */
  readonly #sizes: number[] = [];
  #firstMs = 0;
  #maxMs = 0;
  #bytes = headBytes;

  /** How many there are; kafkajs numbers them by it. */
  get length(): number {
    return this.#records.length;
  }

  /** Of the whole batch. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a record, unless the batch had more bytes than it may have; how many it then has, or would have. */
  add(record: BatchRecord, maxBytes: number): number {
    const { timestampMs } = record;
    const offset = this.#records.length;
    const firstMs = offset === 0 ? timestampMs : this.#firstMs;
    const size = bodyBytes(record, offset, timestampMs - firstMs);
    const bytes = this.#bytes + varintBytes(size) + size;
    if (bytes > maxBytes) return bytes;
    this.#records.push(record);
    this.#sizes.push(size);
    this.#firstMs = firstMs;
    this.#maxMs = offset === 0 ? timestampMs : Math.max(this.#maxMs, timestampMs);
    this.#bytes = bytes;
    return bytes;
  }

  /** Writes all of it, of at least one record. */
  write(writer: Writer, producer: BatchProducer): void {
    const batch = writer.bytes.subarray(writer.at, writer.at + this.#bytes);
    writer.at += headBytes;
    let offset = 0;
    for (const record of this.#records) {
      writer.varint(this.#sizes[offset] ?? 0);
      putRecord(writer, record, offset, record.timestampMs - this.#firstMs);
      offset += 1;
    }
    this.#putHead(batch, producer);
  }

  #putHead(batch: Buffer, producer: BatchProducer): void {
    const { producerId, producerEpoch, firstSequence, isTransactional } = producer;
    batch.writeBigInt64BE(0n, 0);
    batch.writeInt32BE(batch.length - lengthFrom, 8);
    batch.writeInt32BE(0, lengthFrom);
    batch.writeInt8(magic, 16);
    batch.writeInt16BE(isTransactional ? transactionalFlag : 0, checkedFrom);
    batch.writeInt32BE(this.length - 1, 23);
    batch.writeBigInt64BE(BigInt(this.#firstMs), 27);
    batch.writeBigInt64BE(BigInt(this.#maxMs), 35);
    batch.writeBigInt64BE(BigInt(String(producerId)), 43);
    batch.writeInt16BE(producerEpoch, 51);
    batch.writeInt32BE(firstSequence, 53);
    batch.writeInt32BE(this.length, 57);
    batch.writeUInt32BE(crc32c(batch, checkedFrom), 17);
  }
}
