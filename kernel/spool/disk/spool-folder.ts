import { open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SpoolDepth } from '../spool.ts';
import { Ledger, type Stretch } from './ledger.ts';
import type { FolderLock } from './lock.ts';
import { codeOf } from './reason.ts';
import { segmentName } from './segment-head.ts';
import { describeBlocks, findIn, type Places } from './stretch.ts';

/** How far a segment is written; shared with the thread that ships it. */
export interface SegmentEnd {
  readonly first: number;
  readonly end: Uint32Array<SharedArrayBuffer>;
}

interface Segment extends SegmentEnd {
  readonly places: Places;
}

/** The topics of a spool in the order of their places. */
export interface TopicPlaces {
  readonly names: readonly string[];
  readonly partitions: number;
}

/** The folder of a spool, whose lock is ours. */
export class SpoolFolder {
  readonly lock: FolderLock;
  readonly topics: TopicPlaces;
  readonly ledger: Ledger;
  /** Sequences of entries that are not shipped but lie in `rejected`. */
  readonly setAside = new Set<number>();
  readonly #segments = new Map<number, Segment>();

  constructor(lock: FolderLock, topics: TopicPlaces) {
    this.lock = lock;
    this.topics = topics;
    this.ledger = new Ledger(topics.names.length * topics.partitions);
  }

  get path(): string {
    return this.lock.folder;
  }

  get id(): string {
    return basename(this.path);
  }

  get segments(): readonly SegmentEnd[] {
    return [...this.#segments.values()].map(({ first, end }) => ({ first, end }));
  }

  /** Of all segments, also of what is stored already. */
  get diskBytes(): number {
    let sum = 0;
    for (const { end } of this.#segments.values()) sum += end[0] ?? 0;
    return sum;
  }

  /** @param topics those that its entries name, in that order @param bytes how far it is written */
  addSegment(first: number, topics: readonly string[], bytes: number): SegmentEnd {
    const end = new Uint32Array(new SharedArrayBuffer(4));
    end[0] = bytes;
    const { names, partitions } = this.topics;
    const places = { topics: topics.map((name) => names.indexOf(name)), count: names.length, partitions };
    this.#segments.set(first, { first, end, places });
    this.ledger.open(first);
    return { first, end };
  }

  placesOf(first: number): Places | undefined {
    return this.#segments.get(first)?.places;
  }

  /** Segments of which everything is stored. */
  stored(): number[] {
    return [...this.ledger.sheets].filter(({ entries }) => entries === 0).map(({ first }) => first);
  }

  async remove(first: number): Promise<void> {
    this.#segments.delete(first);
    this.ledger.close(first);
    await rm(join(this.path, segmentName(first)), { force: true });
  }

  async find(topic: string, id: string, timeMs: number): Promise<Buffer | undefined> {
    const wanted = Buffer.from(id, 'latin1');
    for (const { first, stretches } of [...this.ledger.sheets].reverse()) {
      const place = this.topics.names.indexOf(topic);
      const isTopic = (named: number): boolean => this.placesOf(first)?.topics[named] === place;
      for (const stretch of stretches.toReversed()) {
        if (timeMs < stretch.minMs || timeMs > stretch.maxMs) continue;
        const found = findIn(await this.#read(first, stretch), isTopic, wanted);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** An entry was put into `rejected`: it is waited for no longer. */
  async markSetAside(sequence: number): Promise<void> {
    this.setAside.add(sequence);
    const sheet = [...this.ledger.sheets].findLast(({ first }) => first <= sequence);
    const stretch = sheet?.stretches.findLast(({ first }) => first <= sequence);
    const places = sheet && this.placesOf(sheet.first);
    if (sheet === undefined || stretch === undefined || places === undefined) return;
    const bytes = await this.#read(sheet.first, stretch);
    // What was written meanwhile is in the next round.
    if (bytes.length !== stretch.length) await this.markSetAside(sequence);
    else this.ledger.recount(sheet.first, stretch, describeBlocks(bytes, places, this.setAside));
  }

  /** The blocks of a stretch; none when its segment is gone. */
  async #read(first: number, { offset, length }: Stretch): Promise<Buffer> {
    try {
      await using handle = await open(join(this.path, segmentName(first)), 'r');
      const bytes = Buffer.allocUnsafeSlow(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
  }

  depth(nowMs: number): SpoolDepth {
    return this.ledger.depth(nowMs);
  }
}
