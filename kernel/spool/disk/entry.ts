import { shortText, writeAscii } from '../../collections/write-ascii.ts';
import { partitionAt } from '../../event-log/embedded/murmur2.ts';
import type { Header } from '../../event-log/event-log.ts';
import type { SpoolEntry } from '../spool.ts';

/**
 * An entry in a block: its length (4 bytes), place of the topic in the segment's head (2), number of headers (2), time
 * (8), lengths of key and value (4 each), id (36); key, value; and for each header the lengths of name and value (4
 * each), name, value.
 */
const idBytes = 36;
const idAt = 24;
const fixedBytes = idAt + idBytes;
const fixedHeaderBytes = 8;
/** UTF-8 has no more bytes for what JavaScript counts as one. */
const maxUtf8 = 3;
const maxHeaders = 0xffff;
const traceName = 'traceparent';

const headersOf = ({ headers, traceparent = '' }: SpoolEntry): number =>
  headers.length + (traceparent === '' ? 0 : 1);

/** What can be no entry, in words. */
export const faultOf = (entry: SpoolEntry): string | undefined => {
  if (entry.id.length !== idBytes) return `id '${entry.id}', expected a UUID`;
  const count = headersOf(entry);
  return count > maxHeaders ? `${count} headers, expected at most ${maxHeaders}` : undefined;
};

/** Headers as an entry has them. */
export const encodeHeaders = (headers: readonly Header[]): Buffer => {
  let bound = 0;
  for (const [name, content] of headers) bound += fixedHeaderBytes + name.length * maxUtf8 + content.length;
  const bytes = Buffer.allocUnsafe(bound);
  let end = 0;
  for (const [name, content] of headers) {
    const nameBytes = bytes.write(name, end + fixedHeaderBytes, 'utf8');
    bytes.writeUInt32LE(nameBytes, end);
    bytes.writeUInt32LE(content.length, end + 4);
    end += fixedHeaderBytes + nameBytes;
    bytes.set(content, end);
    end += content.length;
  }
  return bytes.subarray(0, end);
};

/** An upper bound of what an entry takes. */
export const boundOf = ({ key, value, traceparent = '' }: SpoolEntry, headers: Buffer): number =>
  fixedBytes +
  (key.length + traceparent.length) * maxUtf8 +
  value.length +
  headers.length +
  fixedHeaderBytes +
  traceName.length;

/** How many bytes a text took. */
const writeText = (block: Buffer, at: number, text: string): number =>
  text.length < shortText && writeAscii(block, at, text) ? text.length : block.write(text, at, 'utf8');

/** Where it ends. */
const writeTrace = (block: Buffer, at: number, traceparent: string): number => {
  const nameAt = at + fixedHeaderBytes;
  const contentAt = nameAt + writeText(block, nameAt, traceName);
  const length = writeText(block, contentAt, traceparent);
  block.writeUInt32LE(traceName.length, at);
  block.writeUInt32LE(length, at + 4);
  return contentAt + length;
};

/**
 * Writes an entry into a block that has room for it; where it ends.
 * @param encoded its headers, but for the traceparent
 */
export const writeEntry = (
  block: Buffer,
  at: number,
  entry: SpoolEntry,
  topic: number,
  encoded: Buffer,
): number => {
  const { key, value, traceparent = '' } = entry;
  const keyBytes = writeText(block, at + fixedBytes, key);
  const valueAt = at + fixedBytes + keyBytes;
  block.set(value, valueAt);
  block.set(encoded, valueAt + value.length);
  let end = valueAt + value.length + encoded.length;
  if (traceparent !== '') end = writeTrace(block, end, traceparent);
  block.writeUInt32LE(end - at, at);
  block.writeUInt16LE(topic, at + 4);
  block.writeUInt16LE(headersOf(entry), at + 6);
  block.writeDoubleLE(entry.timestampMs, at + 8);
  block.writeUInt32LE(keyBytes, at + 16);
  block.writeUInt32LE(value.length, at + 20);
  block.write(entry.id, at + idAt, 'latin1');
  return end;
};

export const entryEnd = (block: Buffer, at: number): number => at + block.readUInt32LE(at);
export const topicAt = (block: Buffer, at: number): number => block.readUInt16LE(at + 4);
export const timestampAt = (block: Buffer, at: number): number => block.readDoubleLE(at + 8);
export const idOf = (block: Buffer, at: number): Buffer => block.subarray(at + idAt, at + fixedBytes);

/** The partition that the key of an entry is put into. */
export const partitionOfEntry = (block: Buffer, at: number, partitions: number): number => {
  const from = at + fixedBytes;
  return partitionAt(block, from, from + block.readUInt32LE(at + 16), partitions);
};

export const keyOf = (block: Buffer, at: number): Buffer =>
  block.subarray(at + fixedBytes, at + fixedBytes + block.readUInt32LE(at + 16));

export const entryValue = (block: Buffer, at: number): Buffer => {
  const from = at + fixedBytes + block.readUInt32LE(at + 16);
  return block.subarray(from, from + block.readUInt32LE(at + 20));
};

/** Adds the headers of an entry to others; their values are parts of the block. */
export const pushHeaders = (block: Buffer, at: number, headers: Header[]): void => {
  let from = at + fixedBytes + block.readUInt32LE(at + 16) + block.readUInt32LE(at + 20);
  for (let left = block.readUInt16LE(at + 6); left > 0; left -= 1) {
    const content = from + fixedHeaderBytes + block.readUInt32LE(from);
    const end = content + block.readUInt32LE(from + 4);
    headers.push([block.toString('utf8', from + fixedHeaderBytes, content), block.subarray(content, end)]);
    from = end;
  }
};

const nibble = (code: number): number => (code & 0xf) + (code >> 6) * 9;

/** The milliseconds of a UUIDv7; of another UUID a number that is its own at least. */
export const idTimeOf = (block: Buffer, at: number): number => {
  let time = 0;
  for (let index = 0; index < 13; index += 1)
    // The ninth character is a hyphen.
    if (index !== 8) time = time * 16 + nibble(block[at + idAt + index] ?? 0);
  return time;
};
