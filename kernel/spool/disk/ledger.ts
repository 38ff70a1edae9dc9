import type { SpoolDepth } from '../spool.ts';
import type { Block } from './gather.ts';
import { addTally, bytesAt, clearPlace, entriesAt, lastAt, newTally, placesOf, type Tally } from './tally.ts';

/** Neighbouring blocks, of which only the sums are kept in memory. */
export interface Stretch {
  /** The sequence of its first entry. */
  readonly first: number;
  readonly offset: number;
  length: number;
  readonly writtenMs: number;
  minMs: number;
  maxMs: number;
  /** Of what is not known to be stored. */
  tally: Tally;
  entries: number;
}

/** What the ledger knows of a segment. */
export interface Sheet {
  readonly first: number;
  /** Without those that are stored. */
  stretches: Stretch[];
  /** Entries that are not known to be stored. */
  entries: number;
}

/** A stretch takes blocks until it has as many bytes; what is read to find an entry. */
const stretchBytes = 64 * 1024;

const countOf = (tally: Tally): number => {
  let count = 0;
  for (let place = 0; place < placesOf(tally); place += 1) count += entriesAt(tally, place);
  return count;
};

/**
 * Which entries of a folder are not yet known to be stored, as sums of stretches: what lies on a disk for hours must
 * not lie in memory. A stretch whose entries of a partition are stored in part counts with all of them.
 */
export class Ledger {
  readonly #sheets = new Map<number, Sheet>();
  /** By place, how far messages are stored. */
  readonly #marks: number[];
  #entries = 0;
  #bytes = 0;

  constructor(places: number) {
    this.#marks = Array.from({ length: places }, () => -1);
  }

  /** In the order of their sequences. */
  get sheets(): Iterable<Sheet> {
    return this.#sheets.values();
  }

  get entries(): number {
    return this.#entries;
  }

  open(first: number): void {
    this.#sheets.set(first, { first, stretches: [], entries: 0 });
  }

  close(first: number): void {
    this.#sheets.delete(first);
  }

  /** A block was written into a segment. */
  add(segment: number, offset: number, length: number, block: Block): void {
    const sheet = this.#sheets.get(segment);
    if (sheet === undefined) return;
    const last = sheet.stretches.at(-1);
    if (last !== undefined && last.length < stretchBytes && last.offset + last.length === offset)
      this.#extend(last, length, block);
    else sheet.stretches.push(newStretch(offset, length, block));
    const entries = countOf(block.tally);
    sheet.entries += entries;
    this.#entries += entries;
    for (let place = 0; place < placesOf(block.tally); place += 1) this.#bytes += bytesAt(block.tally, place);
  }

  #extend(stretch: Stretch, length: number, { minMs, maxMs, tally }: Block): void {
    stretch.length += length;
    stretch.minMs = Math.min(stretch.minMs, minMs);
    stretch.maxMs = Math.max(stretch.maxMs, maxMs);
    stretch.entries += countOf(tally);
    addTally(stretch.tally, tally);
  }

  /** All entries of a place up to a sequence are stored. */
  mark(place: number, sequence: number): void {
    if (sequence <= (this.#marks[place] ?? Number.POSITIVE_INFINITY)) return;
    this.#marks[place] = sequence;
    for (const sheet of this.#sheets.values()) {
      if (sheet.first > sequence) return;
      if (sheet.entries > 0) this.#settle(sheet, place, sequence);
    }
  }

  #settle(sheet: Sheet, place: number, sequence: number): void {
    for (const stretch of sheet.stretches)
      if (entriesAt(stretch.tally, place) > 0 && lastAt(stretch.tally, place) <= sequence)
        this.#clear(sheet, stretch, place);
    sheet.stretches = sheet.stretches.filter(({ entries }) => entries > 0);
  }

  #clear(sheet: Sheet, stretch: Stretch, place: number): void {
    const { entries, bytes } = clearPlace(stretch.tally, place);
    stretch.entries -= entries;
    sheet.entries -= entries;
    this.#entries -= entries;
    this.#bytes -= bytes;
  }

  /** Counts a stretch anew: entries of it were set aside. */
  recount(segment: number, stretch: Stretch, block: Block): void {
    const sheet = this.#sheets.get(segment);
    if (sheet === undefined || !sheet.stretches.includes(stretch)) return;
    for (let place = 0; place < placesOf(stretch.tally); place += 1) this.#clear(sheet, stretch, place);
    sheet.stretches = sheet.stretches.filter((each) => each !== stretch);
    this.add(segment, stretch.offset, stretch.length, block);
    sheet.stretches.sort((one, other) => one.offset - other.offset);
    for (const [place, sequence] of this.#marks.entries()) this.#settle(sheet, place, sequence);
  }

  /** When the oldest entry was written that is not known to be stored; undefined: there is none. */
  get oldestMs(): number | undefined {
    if (this.#entries === 0) return undefined;
    for (const { stretches } of this.#sheets.values())
      for (const { entries, writtenMs } of stretches) if (entries > 0) return writtenMs;
    return undefined;
  }

  depth(nowMs: number): SpoolDepth {
    const ageMs = Math.max(0, nowMs - (this.oldestMs ?? nowMs));
    return { entries: this.#entries, bytes: this.#bytes, ageMs };
  }
}

const newStretch = (offset: number, length: number, block: Block): Stretch => {
  const { first, writtenMs, minMs, maxMs } = block;
  const tally = newTally(placesOf(block.tally));
  addTally(tally, block.tally);
  return { first, offset, length, writtenMs, minMs, maxMs, tally, entries: countOf(tally) };
};
