import { write } from 'node:fs';
import type { SluiceError } from '../../errors/sluice-error.ts';
import type { SpoolEntry } from '../spool.ts';
import { type Acknowledgement, newPromise } from './acknowledgement.ts';
import { Gather, type GatheredBlock } from './gather.ts';
import { ageFault, entryFault, full, invalidEntry, roomFault, type SpoolLimits } from './limits.ts';
import { isNoRoom, reasonOf } from './reason.ts';
import { createSegment, type SegmentFile } from './segment-file.ts';
import type { SegmentEnd, SpoolFolder } from './spool-folder.ts';
import { writeWhole } from './write-whole.ts';

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

/** Entries that are worth a write of their own: while it is under way, those that come with them are encoded. */
const enough = 24;

/** Writes entries into segments: what comes while a write is under way goes with the next one. */
export class Writer {
  readonly #options: WriterOptions;
  readonly #topics: ReadonlyMap<string, number>;
  readonly #gather: Gather;
  readonly #write: typeof write;
  /** undefined: there was no room for one yet. */
  #active: { readonly file: SegmentFile; readonly end: SegmentEnd } | undefined;
  #next: number;
  #waiting: Acknowledgement | undefined;
  #isBusy = false;
  /** The write that is to come with the end of this turn of the event loop. */
  #soon: NodeJS.Immediate | undefined;
  #diskBytes: number;
  #idle: PromiseWithResolvers<void> | undefined;
  #isClosed = false;
  /** The segment is to be left with the next write, that it can be removed. */
  leaveSegment = false;

  private constructor(options: WriterOptions, file: SegmentFile | undefined) {
    const { names, partitions } = options.folder.topics;
    this.#options = options;
    this.#topics = new Map(names.map((name, index) => [name, index]));
    this.#gather = new Gather(names.length, partitions);
    this.#write = options.write ?? write;
    this.#next = options.next;
    if (file !== undefined) this.#announce(file);
    this.#diskBytes = options.folder.diskBytes;
  }

  static async open(options: WriterOptions): Promise<Writer> {
    const { folder, next } = options;
    try {
      const file = await createSegment(folder.path, next, folder.topics.names);
      // The next sequence is told by this file; were it lost, numbers would be given twice.
      await file.sync();
      return new Writer(options, file);
    } catch (error) {
      if (!isNoRoom(error)) throw error;
      return new Writer(options, undefined);
    }
  }

  /** Resolves when no power loss can take the numbering back: what is stored may then be removed. */
  get durable(): Promise<void> {
    return this.#active?.file.named ?? Promise.resolve();
  }

  get segmentBytes(): number {
    return this.#active?.end.end[0] ?? 0;
  }

  #announce(file: SegmentFile): void {
    const { folder, onSegment } = this.#options;
    const end = folder.addSegment(file.first, folder.topics.names, file.headBytes);
    this.#active = { file, end };
    onSegment(end);
  }

  append(entry: SpoolEntry, fsync: boolean): Promise<void> {
    const topic = this.#topics.get(entry.topic);
    const fault = topic === undefined ? this.#unknown(entry) : entryFault(entry);
    if (fault !== undefined || topic === undefined) return Promise.reject(fault);
    const bound = this.#gather.boundOf(entry);
    const refusal = this.#refusal(bound);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#gather.add(entry, topic, bound);
    this.#waiting ??= { written: newPromise(), synced: undefined };
    const waiting = this.#waiting;
    if (fsync) waiting.synced ??= newPromise();
    this.#writeSoon();
    return (fsync ? waiting.synced : waiting.written)?.promise ?? waiting.written.promise;
  }

  #writeSoon(): void {
    if (!this.#isBusy) {
      this.#isBusy = true;
      this.#soon = setImmediate(this.#pump);
    } else if (this.#soon !== undefined && this.#gather.count >= enough) {
      clearImmediate(this.#soon);
      this.#pump();
    }
  }

  #unknown({ topic }: SpoolEntry): SluiceError {
    return invalidEntry(`no topic ${topic}, expected one of ${[...this.#topics.keys()]}`);
  }

  #refusal(bound: number): SluiceError | undefined {
    if (this.#isClosed) return full('the spool is closed');
    const { limits, folder, now } = this.#options;
    const noRoom = roomFault(limits, this.#diskBytes, this.#gather.bytes, bound);
    // What was young enough for the first entry of a block is so for those that come within the same moment.
    if (noRoom !== undefined || this.#gather.count > 0) return noRoom;
    return ageFault(limits, folder.ledger.oldestMs, now);
  }

  readonly #pump = (): void => {
    this.#soon = undefined;
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#isBusy = false;
      this.#idle?.resolve();
      return;
    }
    this.#waiting = undefined;
    const block = this.#gather.take(this.#next, this.#options.now());
    const file = this.#active?.file;
    if (file === undefined || this.#mustRoll(file, block)) void this.#rollAndPut(block, waiting);
    else this.#put(file, block, waiting);
  };

  #mustRoll({ headBytes }: SegmentFile, { bytes }: GatheredBlock): boolean {
    if (this.segmentBytes === headBytes) return false;
    return this.leaveSegment || this.segmentBytes + bytes.length > this.#options.limits.segmentBytes;
  }

  async #rollAndPut(block: GatheredBlock, waiting: Acknowledgement): Promise<void> {
    const { folder } = this.#options;
    const old = this.#active?.file;
    try {
      const file = await createSegment(folder.path, this.#next, folder.topics.names);
      // The first one of an opening tells the next sequence.
      if (old === undefined) await file.named;
      this.#announce(file);
      this.#diskBytes += file.headBytes;
      this.leaveSegment = false;
      old?.close().catch(() => undefined);
      this.#put(file, block, waiting);
    } catch (error) {
      this.#fail(block, waiting, error);
    }
  }

  #put(file: SegmentFile, block: GatheredBlock, waiting: Acknowledgement): void {
    writeWhole(this.#write, file.handle.fd, block.bytes, this.segmentBytes, (error) =>
      error === null ? this.#done(file, block, waiting) : this.#fail(block, waiting, error),
    );
  }

  #done(file: SegmentFile, block: GatheredBlock, waiting: Acknowledgement): void {
    const { folder, onWritten } = this.#options;
    const offset = this.segmentBytes;
    folder.ledger.add(file.first, offset, block.bytes.length, block);
    this.#next += block.count;
    this.#diskBytes += block.bytes.length;
    if (this.#active !== undefined) Atomics.store(this.#active.end.end, 0, offset + block.bytes.length);
    this.#gather.giveBack(block);
    waiting.written.resolve();
    const { synced } = waiting;
    if (synced !== undefined)
      file
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
    await this.#active?.file.close();
  }
}
