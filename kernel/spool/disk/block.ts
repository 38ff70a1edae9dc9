import { crc32 } from 'node:zlib';

/**
 * Entries that were written in one step. The head: magic, CRC32 of all that follows, bytes of the entries, how many
 * (4 bytes each), the sequence of the first, when it was written (8 each); then the entries, one after the other.
 */
export interface BlockHead {
  /** Of the entries. */
  readonly length: number;
  readonly count: number;
  readonly first: number;
  readonly writtenMs: number;
}

export const blockHeadBytes = 32;
const magic = 0x314b4c42;
const checkedFrom = 8;

/** Fills in the head of a block whose entries stand behind it; `block` ends where they end. */
export const sealBlock = (block: Buffer, count: number, first: number, writtenMs: number): void => {
  block.writeUInt32LE(magic, 0);
  block.writeUInt32LE(block.length - blockHeadBytes, 8);
  block.writeUInt32LE(count, 12);
  block.writeDoubleLE(first, 16);
  block.writeDoubleLE(writtenMs, 24);
  block.writeUInt32LE(crc32(block.subarray(checkedFrom)), 4);
};

/** The head of a block whose bytes are known to be good. */
export const readBlockHead = (bytes: Buffer, at: number): BlockHead => ({
  length: bytes.readUInt32LE(at + 8),
  count: bytes.readUInt32LE(at + 12),
  first: bytes.readDoubleLE(at + 16),
  writtenMs: bytes.readDoubleLE(at + 24),
});

/** Where the block that begins there ends; undefined: `bytes` end before it does. */
export const blockEnd = (bytes: Buffer, at: number): number | undefined => {
  if (at + blockHeadBytes > bytes.length) return undefined;
  const end = at + blockHeadBytes + bytes.readUInt32LE(at + 8);
  return end <= bytes.length ? end : undefined;
};

/** How a place in a file looks that may have been cut while it was written. */
export type BlockState = 'whole' | 'short' | 'damaged';

export const blockState = (bytes: Buffer, at: number): BlockState => {
  if (at + blockHeadBytes > bytes.length) return 'short';
  if (bytes.readUInt32LE(at) !== magic) return 'damaged';
  const end = blockEnd(bytes, at);
  if (end === undefined) return 'short';
  return crc32(bytes.subarray(at + checkedFrom, end)) === bytes.readUInt32LE(at + 4) ? 'whole' : 'damaged';
};
