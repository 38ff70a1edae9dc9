import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { blockEnd, blockHeadBytes, blockState, readBlockHead } from '../disk/block.ts';
import { codeOf } from '../disk/reason.ts';
import { decodeSegmentHead, maxHeadBytes, segmentName } from '../disk/segment-head.ts';
import type { SegmentEnd } from '../disk/spool-folder.ts';
import { openPositionFile, type Position, type PositionFile } from './position.ts';
import type { Source } from './source.ts';

/** Whole blocks of a segment. */
export interface Portion {
  /** Until the next portion is read, which may lie in the same memory. */
  readonly bytes: Buffer;
  /** The topics that its entries name. */
  readonly topics: readonly string[];
  /** Where the next portion begins. */
  readonly next: Position;
}

interface OpenSegment {
  readonly first: number;
  readonly handle: FileHandle;
  readonly topics: readonly string[];
  readonly headBytes: number;
}

/** A buffer that grew beyond this is not kept for the next portion. */
const keptBytes = 4 * 1024 ** 2;

/** Reads a folder's blocks in their order, beginning where shipping ended. */
export class SourceReader {
  readonly id: string;
  readonly path: string;
  readonly #segments: SegmentEnd[];
  readonly #file: PositionFile;
  #position: Position;
  #open: OpenSegment | undefined;
  #buffer: Buffer = Buffer.alloc(0);

  constructor({ id, path, segments }: Source) {
    this.id = id;
    this.path = path;
    this.#segments = [...segments];
    this.#file = openPositionFile(path);
    this.#position = this.#file.read() ?? { segment: 0, offset: 0 };
  }

  extend(segment: SegmentEnd): void {
    this.#segments.push(segment);
  }

  /** What comes next; at most so many bytes, unless a block is larger. undefined: nothing is there. */
  async read(maxBytes: number): Promise<Portion | undefined> {
    for (;;) {
      const segment = this.#segments[0];
      if (segment === undefined) return undefined;
      // A segment ends before the next one is announced.
      const isLast = this.#segments.length === 1;
      const portion = await this.#readSegment(segment, maxBytes);
      if (portion !== undefined || isLast) return portion;
      this.#segments.shift();
    }
  }

  async #readSegment({ first, end: shared }: SegmentEnd, maxBytes: number): Promise<Portion | undefined> {
    const { segment, offset } = this.#position;
    const end = Atomics.load(shared, 0);
    if (segment > first || (segment === first && offset >= end)) return undefined;
    const opened = await this.#openSegment(first);
    if (opened === undefined) return undefined;
    const from = segment === first ? offset : opened.headBytes;
    if (from >= end) return undefined;
    const bytes = await this.#readBlocks(opened.handle, from, end, maxBytes);
    if (bytes.length === 0) return undefined;
    return { bytes, topics: opened.topics, next: { segment: first, offset: from + bytes.length } };
  }

  async #readBlocks(handle: FileHandle, from: number, end: number, maxBytes: number): Promise<Buffer> {
    const bytes = await this.#readAt(handle, from, Math.min(end - from, maxBytes));
    const whole = wholeBlocks(bytes);
    if (whole.length > 0 || bytes.length < blockHeadBytes) return whole;
    if (blockState(bytes, 0) === 'damaged')
      throw new Error(`${this.path}: expected a block at ${from} of ${this.#open?.first}, which has none`);
    return wholeBlocks(await this.#readAt(handle, from, blockHeadBytes + readBlockHead(bytes, 0).length));
  }

  async #readAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length);
    const buffer = this.#buffer;
    // One that a large block needed is not kept for others.
    if (length > keptBytes) this.#buffer = Buffer.alloc(0);
    const { bytesRead } = await handle.read(buffer, 0, length, from);
    return buffer.subarray(0, bytesRead);
  }

  /** undefined: the file was removed, for all of it is stored. */
  async #openSegment(first: number): Promise<OpenSegment | undefined> {
    if (this.#open?.first === first) return this.#open;
    await this.#close();
    try {
      const handle = await open(join(this.path, segmentName(first)), 'r');
      const start = Buffer.alloc(maxHeadBytes);
      const { bytesRead } = await handle.read(start, 0, maxHeadBytes, 0);
      const { topics, bytes: headBytes } = decodeSegmentHead(start.subarray(0, bytesRead)) ?? {
        topics: [],
        bytes: 0,
      };
      this.#open = { first, handle, topics, headBytes };
      return this.#open;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** All before it is shipped. */
  moveTo(position: Position): void {
    this.#position = position;
    this.#file.write(position);
  }

  async #close(): Promise<void> {
    await this.#open?.handle.close();
    this.#open = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#file[Symbol.dispose]();
    await this.#close();
  }
}

const wholeBlocks = (bytes: Buffer): Buffer => {
  let whole = 0;
  for (let end = blockEnd(bytes, 0); end !== undefined; end = blockEnd(bytes, whole)) whole = end;
  return bytes.subarray(0, whole);
};
