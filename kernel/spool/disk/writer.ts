import { ftruncate, write } from 'node:fs';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { SpoolEntry } from '../spool.ts';
import { boundOf, idBytes, maxHeaders } from './entry.ts';
import { Gather, type GatheredBlock } from './gather.ts';
import { reasonOf } from './reason.ts';
import { createSegment, type SegmentFile } from './segment-file.ts';
import type { SegmentEnd, SpoolFolder } from './spool-folder.ts';

export interface SpoolLimits {
  /** Of all segments of the spool. */
  readonly maxBytes: number;
  /** Of the oldest entry that is not known to be stored. */
  readonly maxAgeMs: number;
  /** A new segment begins where the last would grow beyond it; what is removed at once. */
  readonly segmentBytes: number;
}

export interface WriterOptions {
  readonly folder: SpoolFolder;
  readonly limits: SpoolLimits;
  /** That of the next entry. */
  readonly next: number;
  readonly now: () => number;
  /** A new segment is there; before anything is in it. */
  readonly onSegment: (segment: SegmentEnd) => void;
  /** More is written. */
  readonly onWritten: () => void;
  /** Instead of the file system's, for tests. */
  readonly write?: typeof write | undefined;
}

/** Who waits for a block. */
interface Acknowledgement {
  readonly written: PromiseWithResolvers<void>;
  synced: PromiseWithResolvers<void> | undefined;
}

/** Entries that wait for the disk. */
const maxGatheredBytes = 64 * 1024 ** 2;

/** Nobody has to wait for what is acknowledged: a caller that went away is no fault. */
const newPromise = (): PromiseWithResolvers<void> => {
  const promise = Promise.withResolvers<void>();
  promise.promise.catch(() => undefined);
  return promise;
};

const full = (why: string): SluiceError => new SluiceError('SPOOL_FULL', `the record cannot be kept: ${why}`);

/** Writes entries into segments: what comes while a write is under way goes with the next one. */
export class Writer {
  readonly #options: WriterOptions;
  readonly #topics: ReadonlyMap<string, number>;
  readonly #gather: Gather;
  readonly #write: typeof write;
  #segment: SegmentFile;
  #end: SegmentEnd;
  #next: number;
  #waiting: Acknowledgement | undefined;
  #isBusy = false;
  #diskBytes: number;
  #idle: PromiseWithResolvers<void> | undefined;
  #isClosed = false;
  /** The segment is to be left with the next write, that it can be removed. */
  leaveSegment = false;

  private constructor(options: WriterOptions, segment: SegmentFile) {
    const { names, partitions } = options.folder.topics;
    this.#options = options;
    this.#topics = new Map(names.map((name, index) => [name, index]));
    this.#gather = new Gather(names.length, partitions);
    this.#write = options.write ?? write;
    this.#next = options.next;
    this.#segment = segment;
    this.#end = this.#announce(segment);
    this.#diskBytes = options.folder.diskBytes;
  }

  static async open(options: WriterOptions): Promise<Writer> {
    const { folder, next } = options;
    const segment = await createSegment(folder.path, next, folder.topics.names);
    // The next sequence is told by this file; were it lost, numbers would be given twice.
    await segment.sync();
    return new Writer(options, segment);
  }

  get segment(): number {
    return this.#segment.first;
  }

  /** Resolves when no power loss can take the numbering back: what is stored may then be removed. */
  get durable(): Promise<void> {
    return this.#segment.named;
  }

  get segmentBytes(): number {
    return this.#end.end[0] ?? 0;
  }

  #announce({ first, headBytes }: SegmentFile): SegmentEnd {
    const { folder, onSegment } = this.#options;
    const end = folder.addSegment(first, folder.topics.names, headBytes);
    onSegment(end);
    return end;
  }

  append(entry: SpoolEntry, fsync: boolean): Promise<void> {
    const topic = this.#topics.get(entry.topic);
    const refusal = this.#refusal(entry, topic);
    if (refusal !== undefined || topic === undefined) return Promise.reject(refusal);
    this.#gather.add(entry, topic);
    this.#waiting ??= { written: newPromise(), synced: undefined };
    const waiting = this.#waiting;
    if (fsync) waiting.synced ??= newPromise();
    if (!this.#isBusy) {
      this.#isBusy = true;
      setImmediate(this.#pump);
    }
    return (fsync ? waiting.synced : waiting.written)?.promise ?? waiting.written.promise;
  }

  #refusal(entry: SpoolEntry, topic: number | undefined): SluiceError | undefined {
    if (topic === undefined)
      return invalid(`no topic ${entry.topic}, expected one of ${[...this.#topics.keys()]}`);
    if (entry.id.length !== idBytes) return invalid(`id '${entry.id}', expected a UUID`);
    if (entry.headers.length > maxHeaders)
      return invalid(`${entry.headers.length} headers, expected at most ${maxHeaders}`);
    if (this.#isClosed) return full('the spool is closed');
    const { maxBytes, maxAgeMs } = this.#options.limits;
    if (this.#diskBytes + this.#gather.bytes + boundOf(entry) > maxBytes)
      return full(`the spool has ${this.#diskBytes} bytes, of ${maxBytes} that it may have`);
    const { oldestMs } = this.#options.folder.ledger;
    if (oldestMs !== undefined && this.#options.now() - oldestMs > maxAgeMs)
      return full(`the oldest record waits for longer than ${maxAgeMs} ms to be stored`);
    if (this.#gather.bytes > maxGatheredBytes) return full('the disk does not keep up');
    return undefined;
  }

  readonly #pump = (): void => {
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#isBusy = false;
      this.#idle?.resolve();
      return;
    }
    this.#waiting = undefined;
    const block = this.#gather.take(this.#next, this.#options.now());
    if (this.#mustRoll(block)) void this.#rollAndPut(block, waiting);
    else this.#put(block, waiting, 0);
  };

  #mustRoll({ bytes }: GatheredBlock): boolean {
    if (this.segmentBytes === this.#segment.headBytes) return false;
    return this.leaveSegment || this.segmentBytes + bytes.length > this.#options.limits.segmentBytes;
  }

  async #rollAndPut(block: GatheredBlock, waiting: Acknowledgement): Promise<void> {
    const { folder } = this.#options;
    const old = this.#segment;
    try {
      this.#segment = await createSegment(folder.path, this.#next, folder.topics.names);
    } catch (error) {
      this.#fail(block, waiting, error);
      return;
    }
    this.leaveSegment = false;
    this.#end = this.#announce(this.#segment);
    this.#diskBytes += this.#segment.headBytes;
    old.close().catch(() => undefined);
    this.#put(block, waiting, 0);
  }

  /** @param from what of the block is written already */
  #put(block: GatheredBlock, waiting: Acknowledgement, from: number): void {
    const { bytes } = block;
    const { fd } = this.#segment.handle;
    this.#write(fd, bytes, from, bytes.length - from, this.segmentBytes + from, (error, written) => {
      if (error === null && from + written === bytes.length) this.#done(block, waiting);
      else if (error === null && written > 0) this.#put(block, waiting, from + written);
      // Whatever of it is there lies behind the end, and is written over if it cannot be cut.
      else
        ftruncate(fd, this.segmentBytes, () =>
          this.#fail(block, waiting, error ?? new Error('nothing was written')),
        );
    });
  }

  #done(block: GatheredBlock, waiting: Acknowledgement): void {
    const { folder, onWritten } = this.#options;
    const offset = this.segmentBytes;
    folder.ledger.add(this.#segment.first, offset, block.bytes.length, block);
    this.#next += block.count;
    this.#diskBytes += block.bytes.length;
    Atomics.store(this.#end.end, 0, offset + block.bytes.length);
    this.#gather.giveBack(block);
    waiting.written.resolve();
    const { synced } = waiting;
    if (synced !== undefined)
      this.#segment
        .sync()
        .then(synced.resolve, (error: unknown) =>
          synced.reject(full(`whether it would survive a power loss is not known: ${reasonOf(error)}`)),
        );
    onWritten();
    this.#pump();
  }

  #fail(block: GatheredBlock, waiting: Acknowledgement, error: unknown): void {
    const refusal = full(reasonOf(error));
    this.#gather.giveBack(block);
    waiting.written.reject(refusal);
    waiting.synced?.reject(refusal);
    this.#pump();
  }

  /** A segment was removed. */
  forget(bytes: number): void {
    this.#diskBytes -= bytes;
  }

  /** Writes what was appended, and takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#isBusy) {
      this.#idle = newPromise();
      await this.#idle.promise;
    }
    await this.#segment.close();
  }
}

const invalid = (message: string): SluiceError =>
  new SluiceError('INVALID_INPUT', `a spool's entry has ${message}`);
