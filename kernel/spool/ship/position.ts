import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** How far a folder is shipped: up to an offset of a segment. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

const fileName = 'shipped';
const recordBytes = 20;

const encode = ({ segment, offset }: Position): Buffer => {
  const record = Buffer.alloc(recordBytes);
  record.writeDoubleLE(segment, 0);
  record.writeDoubleLE(offset, 8);
  record.writeUInt32LE(crc32(record.subarray(0, 16)), 16);
  return record;
};

const decode = (record: Buffer): Position | undefined =>
  crc32(record.subarray(0, 16)) === record.readUInt32LE(16)
    ? { segment: record.readDoubleLE(0), offset: record.readDoubleLE(8) }
    : undefined;

/** Where a position is kept: written in place, so that a full disk has room for it. */
export interface PositionFile extends Disposable {
  /** undefined: nothing was shipped, or nobody knows. */
  read(): Position | undefined;
  /** What cannot be written is shipped again after a restart. */
  write(position: Position): void;
}

export const openPositionFile = (folder: string): PositionFile => {
  const fd = openSync(join(folder, fileName), constants.O_RDWR | constants.O_CREAT, 0o666);
  // The number of a file that was closed may be another file's by now.
  let isOpen = true;
  return {
    read: () => {
      const record = Buffer.alloc(recordBytes);
      return readSync(fd, record, 0, recordBytes, 0) === recordBytes ? decode(record) : undefined;
    },
    write: (position) => {
      if (!isOpen) return;
      try {
        writeSync(fd, encode(position), 0, recordBytes, 0);
      } catch {
        return;
      }
    },
    [Symbol.dispose]: () => {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
};
