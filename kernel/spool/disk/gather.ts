import type { Header } from '../../event-log/event-log.ts';
import type { SpoolEntry } from '../spool.ts';
import { blockHeadBytes, sealBlock } from './block.ts';
import { boundOf, encodeHeaders, idTimeOf, partitionOfEntry, writeEntry } from './entry.ts';
import { addTo, newTally, type Tally } from './tally.ts';

/** Entries that were written into a file, or are to be. */
export interface Block {
  readonly first: number;
  readonly count: number;
  readonly writtenMs: number;
  /** The earliest and the latest time of the entries' ids. */
  readonly minMs: number;
  readonly maxMs: number;
  readonly tally: Tally;
}

export interface GatheredBlock extends Block {
  /** With its head; to be given back when it is written. */
  readonly bytes: Buffer;
}

/** A buffer that grew beyond this is not kept for the next block. */
const keptBytes = 4 * 1024 ** 2;
const firstBytes = 256 * 1024;

/** Entries of which the next block is made; two buffers take turns. */
export class Gather {
  readonly #places: number;
  readonly #partitions: number;
  #buffer: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  #spare: Buffer | undefined;
  #end = blockHeadBytes;
  #count = 0;
  #minMs = Number.POSITIVE_INFINITY;
  #maxMs = 0;
  #tally: Tally;
  #headers: readonly Header[] | undefined;
  #encoded: Buffer = Buffer.alloc(0);

  constructor(topics: number, partitions: number) {
    this.#places = topics * partitions;
    this.#partitions = partitions;
    this.#tally = newTally(this.#places);
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#end;
  }

  /** An upper bound of what an entry takes. */
  boundOf(entry: SpoolEntry): number {
    return boundOf(entry, this.#encode(entry.headers));
  }

  /** The very headers of the entry before, which most have, are not encoded again. */
  #encode(headers: readonly Header[]): Buffer {
    if (headers !== this.#headers) {
      this.#encoded = encodeHeaders(headers);
      this.#headers = headers;
    }
    return this.#encoded;
  }

  /** @param bound of what it takes */
  add(entry: SpoolEntry, topic: number, bound: number): void {
    const at = this.#end;
    if (at + bound > this.#buffer.length) this.#grow(at + bound);
    const buffer = this.#buffer;
    this.#end = writeEntry(buffer, at, entry, topic, this.#encode(entry.headers));
    const time = idTimeOf(buffer, at);
    if (time < this.#minMs) this.#minMs = time;
    if (time > this.#maxMs) this.#maxMs = time;
    const place = topic * this.#partitions + partitionOfEntry(buffer, at, this.#partitions);
    addTo(this.#tally, place, 1, this.#end - at, this.#count);
    this.#count += 1;
  }

  /** What has gathered, as a block whose first entry gets this sequence. */
  take(first: number, writtenMs: number): GatheredBlock {
    const bytes = this.#buffer.subarray(0, this.#end);
    sealBlock(bytes, this.#count, first, writtenMs);
    const { length } = this.#tally;
    for (let at = 2; at < length; at += 3) this.#tally[at] = (this.#tally[at] ?? 0) + first;
    const taken = { first, count: this.#count, writtenMs, minMs: this.#minMs, maxMs: this.#maxMs };
    const block = { ...taken, tally: this.#tally, bytes };
    this.#buffer = this.#spare ?? Buffer.allocUnsafeSlow(firstBytes);
    this.#spare = undefined;
    this.#end = blockHeadBytes;
    this.#count = 0;
    this.#minMs = Number.POSITIVE_INFINITY;
    this.#maxMs = 0;
    this.#tally = newTally(this.#places);
    return block;
  }

  /** The block is written: its buffer may be used again. */
  giveBack({ bytes }: GatheredBlock): void {
    if (bytes.buffer.byteLength <= keptBytes) this.#spare = Buffer.from(bytes.buffer);
  }

  #grow(atLeast: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(atLeast, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
  }
}
