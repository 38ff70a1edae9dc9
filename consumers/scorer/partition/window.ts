import type { Group } from '../delivery/outlet.ts';
import { type Result, type Slot, writtenBytes } from './slot.ts';

export interface WindowLimits {
  readonly maxEvents: number;
  /** Of them, those of which nothing has come yet. */
  readonly maxUnfinished: number;
  /** A larger event is taken alone. */
  readonly maxBytes: number;
}

/** Slots that were written together. */
export interface WrittenGroup extends Group {
  /** When their write began, of performance.now(). */
  readonly startedAt: number;
}

export interface GroupLimits {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/**
 * The events of a partition that are read and not yet written, in their order. They are finished in any order; those
 * that are taken out are the oldest, and finished without a gap.
 */
export class Window {
  readonly limits: WindowLimits;
  #slots: Slot[] = [];
  #first = 0;
  #bytes = 0;
  #unfinished = 0;
  #written: WrittenGroup[] = [];
  #writtenCount = 0;
  #isClosed = false;
  #isStopped = false;
  #waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = [];

  constructor(limits: WindowLimits) {
    this.limits = limits;
  }

  get count(): number {
    return this.#slots.length - this.#first;
  }

  /** Nothing of it is of any account any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Nothing new comes in. */
  get isStopped(): boolean {
    return this.#isStopped || this.#isClosed;
  }

  get oldest(): Slot | undefined {
    return this.#slots[this.#first];
  }

  /** The oldest one that is not written. */
  get unwritten(): Slot | undefined {
    return this.#slots[this.#first + this.#writtenCount];
  }

  /** Groups that are not removed yet, in their order. */
  get written(): readonly WrittenGroup[] {
    return this.#written;
  }

  /** Whether there is room for an event of so many bytes. */
  fits(bytes: number): boolean {
    const { maxEvents, maxUnfinished, maxBytes } = this.limits;
    if (this.count === 0) return true;
    return this.count < maxEvents && this.#unfinished < maxUnfinished && this.#bytes + bytes <= maxBytes;
  }

  /** Resolves when there is room again, for some more events if it was many that were unfinished; or it is stopped. */
  untilFits(bytes: number): Promise<void> {
    return this.until(() => this.isStopped || (this.fits(bytes) && this.#unfinished <= this.#fewUnfinished));
  }

  /** So many may be unfinished when reading goes on: events are read, and leave for the gateway, together. */
  get #fewUnfinished(): number {
    return Math.floor(this.limits.maxUnfinished / 2);
  }

  push(slot: Slot): void {
    this.#slots.push(slot);
    this.#bytes += slot.bytes;
    this.#unfinished += 1;
  }

  finish(slot: Slot, result: Result): void {
    if (slot.result === undefined) this.#unfinished -= 1;
    slot.result = result;
    if (slot === this.unwritten || this.#unfinished === this.#fewUnfinished) this.#look();
  }

  /** An attempt failed: nothing comes of it for now. */
  wait(slot: Slot): void {
    slot.isWaiting = true;
    if (slot === this.unwritten) this.#look();
  }

  /** Whether something came of most of the events that were read after this one, and of one at least. */
  isPassedByMost(slot: Slot): boolean {
    const at = this.#slots.indexOf(slot, this.#first);
    if (at < 0) return false;
    let finished = 0;
    for (let index = at + 1; index < this.#slots.length; index += 1)
      if (this.#slots[index]?.result !== undefined) finished += 1;
    return finished * 2 > this.#slots.length - at - 1;
  }

  /** Resolves when all that was read is written, or what is next has to be tried again. */
  drained(): Promise<void> {
    return this.until(
      () => this.count === 0 || (this.#writtenCount === 0 && this.oldest?.isWaiting === true),
    );
  }

  /** The oldest ones that are finished and not written, at least one where there is one. */
  finished({ maxMessages, maxBytes }: GroupLimits): Slot[] {
    const slots: Slot[] = [];
    let bytes = 0;
    while (slots.length < maxMessages) {
      const slot = this.#slots[this.#first + this.#writtenCount + slots.length];
      if (slot?.result === undefined) break;
      bytes += writtenBytes(slot.result);
      if (slots.length > 0 && bytes > maxBytes) break;
      slots.push(slot);
    }
    return slots;
  }

  /** The oldest ones that were not are written now. They stay until they are removed. */
  wrote(group: WrittenGroup): void {
    this.#written.push(group);
    this.#writtenCount += group.slots.length;
    this.#look();
  }

  /** Removes the oldest groups that are written. */
  remove(groups: number): void {
    const count = this.#written.splice(0, groups).reduce((sum, { slots }) => sum + slots.length, 0);
    this.#writtenCount -= count;
    for (let index = this.#first; index < this.#first + count; index += 1)
      this.#bytes -= this.#slots[index]?.bytes ?? 0;
    this.#first += count;
    if (this.#first > this.#slots.length / 2) {
      this.#slots = this.#slots.slice(this.#first);
      this.#first = 0;
    }
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

  /** Whatever is in it is dropped. */
  close(): Slot[] {
    const dropped = this.#slots.slice(this.#first);
    this.#isClosed = true;
    this.#slots = [];
    this.#first = 0;
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
