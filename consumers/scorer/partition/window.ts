import { type Outcome, type Result, type Slot, writtenBytes } from './slot.ts';

export interface WindowLimits {
  readonly maxEvents: number;
  /** Of them, those of which nothing has come yet. */
  readonly maxUnfinished: number;
  /** Of those that are not written. A larger event is taken alone. */
  readonly maxBytes: number;
}

export interface GroupLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** What is left of events that were written together, until they are committed. */
export interface WrittenGroup {
  /** What is to be read after them. */
  readonly next: bigint;
  /** Of the last one. */
  readonly timestampMs: number;
  /** When their write began, of performance.now(). */
  readonly startedAt: number;
  readonly events: readonly { readonly outcome: Outcome | undefined; readonly readAt: number }[];
}

/**
 * The events of a partition that are read and not yet committed, in their order. They are finished in any order; those
 * that are written are the oldest, and finished without a gap.
 */
export class Window {
  readonly limits: WindowLimits;
  /** Those that are not written. */
  #slots: Slot[] = [];
  #bytes = 0;
  #unfinished = 0;
  #finished = 0;
  #takesOneMore = false;
  #written: WrittenGroup[] = [];
  #writtenCount = 0;
  #isClosed = false;
  #isStopped = false;
  #waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];

  constructor(limits: WindowLimits) {
    this.limits = limits;
  }

  get count(): number {
    return this.#slots.length + this.#writtenCount;
  }

  /** Nothing of it is of any account any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Nothing new comes in. */
  get isStopped(): boolean {
    return this.#isStopped || this.#isClosed;
  }

  /** Of those that are not written. */
  get oldest(): Slot | undefined {
    return this.#slots[0];
  }

  /** Whether there is room for an event of so many bytes. */
  fits(bytes: number): boolean {
    const { maxEvents, maxUnfinished, maxBytes } = this.limits;
    if (this.count === 0 || this.#takesOneMore) return true;
    const hasRoom = this.#bytes === 0 || this.#bytes + bytes <= maxBytes;
    return this.count < maxEvents && this.#unfinished < maxUnfinished && hasRoom;
  }

  /** Resolves when there is room again, for some more events if it was many that were unfinished; or it is stopped. */
  untilFits(bytes: number): Promise<void> {
    const isWorthWhile = (): boolean => this.#takesOneMore || this.#unfinished <= this.#fewUnfinished;
    return this.until(() => this.isStopped || (this.fits(bytes) && isWorthWhile()));
  }

  /** So many may be unfinished when reading goes on: events are read, and leave for the gateway, together. */
  get #fewUnfinished(): number {
    return Math.floor(this.limits.maxUnfinished / 2);
  }

  push(slot: Slot): void {
    this.#slots.push(slot);
    this.#bytes += slot.bytes;
    this.#unfinished += 1;
    this.#takesOneMore = false;
  }

  /** Takes one event over its limits. */
  takeOneMore(): void {
    this.#takesOneMore = true;
    this.#look();
  }

  finish(slot: Slot, result: Result): void {
    if (slot.result === undefined) {
      this.#unfinished -= 1;
      this.#finished += 1;
      slot.finishedAs = this.#finished;
    }
    slot.result = result;
    if (slot === this.oldest || this.#unfinished === this.#fewUnfinished) this.#look();
  }

  /** An attempt failed: nothing comes of it for now. */
  wait(slot: Slot): void {
    slot.isWaiting = true;
    if (slot === this.oldest) this.#look();
  }

  /** How many were finished, ever. */
  get finishedCount(): number {
    return this.#finished;
  }

  /** Those that were read after this one. */
  after(slot: Slot): readonly Slot[] {
    const at = this.#slots.indexOf(slot);
    return at < 0 ? [] : this.#slots.slice(at + 1);
  }

  /** Resolves when all that was read is committed, or what is next has to be tried again. */
  drained(): Promise<void> {
    return this.until(
      () => this.count === 0 || (this.#writtenCount === 0 && this.oldest?.isWaiting === true),
    );
  }

  /** The oldest ones that are finished, at least one where there is one. They stay until they are written. */
  finished({ maxMessages, maxBytes }: GroupLimits): Slot[] {
    const slots: Slot[] = [];
    let bytes = 0;
    for (const slot of this.#slots) {
      if (slot.result === undefined || slots.length === maxMessages) break;
      bytes += writtenBytes(slot.result);
      if (slots.length > 0 && bytes > maxBytes) break;
      slots.push(slot);
    }
    return slots;
  }

  /** The oldest ones are written: they are counted until they are committed, and else forgotten. */
  wrote(group: WrittenGroup): void {
    const count = group.events.length;
    for (const { bytes } of this.#slots.splice(0, count)) this.#bytes -= bytes;
    this.#written.push(group);
    this.#writtenCount += count;
    this.#look();
  }

  /** Those that are not committed, in their order. */
  get written(): readonly WrittenGroup[] {
    return this.#written;
  }

  /** The oldest groups that are written are committed. */
  committed(groups: number): void {
    for (const { events } of this.#written.splice(0, groups)) this.#writtenCount -= events.length;
    this.#look();
  }

  /** Resolves when the condition holds, or the window is closed. */
  until(condition: () => boolean): Promise<void> {
    if (this.#isClosed || condition()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ condition, resolve }));
  }

  stop(): void {
    this.#isStopped = true;
    this.#look();
  }

  /** Whatever is in it is dropped; those that are not written. */
  close(): Slot[] {
    const dropped = this.#slots;
    this.#isClosed = true;
    this.#slots = [];
    this.#bytes = 0;
    this.#unfinished = 0;
    this.#written = [];
    this.#writtenCount = 0;
    this.#look();
    return dropped;
  }

  #look(): void {
    if (this.#waiting.length === 0) return;
    const asked = this.#waiting;
    this.#waiting = asked.filter(({ condition }) => !this.#isClosed && !condition());
    if (this.#waiting.length === asked.length) return;
    for (const each of asked) if (!this.#waiting.includes(each)) each.resolve();
  }
}
