import { AdaptiveLimit, type LimitOptions } from './adaptive-limit.ts';
import type { Sample } from './interval.ts';
import { type RefusalReason, refusalReasons } from './overloaded.ts';
import { isBefore, type Turn, WaitingLine } from './waiting-line.ts';

/** A request that waits to be admitted; exactly one of the two is called, unless it is removed before. */
export interface Waiter extends Turn {
  /** It is never refused: its stream is not read on while it waits. */
  readonly isStreamed: boolean;
  readonly admit: () => void;
  readonly refuse: (reason: RefusalReason) => void;
}

/** Requests that wait at all gates and may be refused. */
export interface WaitingTotal {
  refusable: number;
}

/** A retry is worth while when those who wait have been served; where that is not known, after a second. */
const leastRetryMs = 10;
const usualRetryMs = 1_000;
const longestRetryMs = 10_000;

/** Admission to one model: the limit, those below it, those who wait. */
export class ModelGate {
  readonly #limit: AdaptiveLimit;
  readonly #total: WaitingTotal;
  readonly #callers = new WaitingLine<Waiter>();
  readonly #streamed = new WaitingLine<Waiter>();
  #inFlight = 0;
  /** How many were refused, by reason. */
  readonly refused = Object.fromEntries(refusalReasons.map((reason) => [reason, 0])) as Record<
    RefusalReason,
    number
  >;

  constructor(options: LimitOptions, total: WaitingTotal) {
    this.#limit = new AdaptiveLimit(options);
    this.#total = total;
  }

  get limit(): number {
    return this.#limit.value;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Those who wait and may be refused. */
  get refusable(): number {
    return this.#callers.size;
  }

  get waiting(): number {
    return this.#callers.size + this.#streamed.size;
  }

  /** The least urgent of those who may be refused. */
  get last(): Waiter | undefined {
    return this.#callers.last;
  }

  get retryAfterMs(): number {
    const { rate } = this.#limit;
    if (rate === undefined) return usualRetryMs;
    return Math.min(longestRetryMs, Math.max(leastRetryMs, Math.ceil(this.waiting / rate)));
  }

  /** Admits at once if the limit allows it; nobody waits then. */
  tryEnter(now: number): boolean {
    if (this.#inFlight >= this.#limit.value) {
      this.#limit.reached(now);
      return false;
    }
    this.#inFlight += 1;
    return true;
  }

  /** Whether its answer would come after its deadline, by the measured rate, behind those below admission and in line. */
  isLate(turn: Turn, now: number): boolean {
    return this.#isLateBehind(this.#callers.ahead(turn) + this.#streamed.ahead(turn), turn, now);
  }

  add(waiter: Waiter): void {
    if (!waiter.isStreamed) this.#total.refusable += 1;
    this.#lineOf(waiter).add(waiter);
  }

  /** Takes out who does not wait any more; false: it did not. */
  remove(waiter: Waiter): boolean {
    const isRemoved = this.#lineOf(waiter).remove(waiter);
    if (isRemoved && !waiter.isStreamed) this.#total.refusable -= 1;
    return isRemoved;
  }

  /** What one below admission had to wait. */
  observe(sample: Sample, now: number): void {
    this.#limit.take(sample, now);
  }

  /** A runtime's queue was full. */
  observeFull(): void {
    this.#limit.full();
  }

  /** One below admission is done: who waits next is admitted, or refused if that would be in vain. */
  leave(now: number): void {
    this.#inFlight -= 1;
    while (this.#inFlight < this.#limit.value) {
      const next = this.#next();
      if (next === undefined) {
        this.#limit.cleared();
        return;
      }
      this.remove(next);
      if (!next.isStreamed && this.#isLateBehind(0, next, now)) next.refuse('late');
      else {
        this.#inFlight += 1;
        next.admit();
      }
    }
  }

  /** By Little's law those below admission are answered in their number divided by the rate. */
  #isLateBehind(ahead: number, { dueAt }: Turn, now: number): boolean {
    const { rate } = this.#limit;
    return rate !== undefined && now + (this.#inFlight + ahead + 1) / rate > dueAt;
  }

  #next(): Waiter | undefined {
    const [caller, streamed] = [this.#callers.first, this.#streamed.first];
    if (caller === undefined || streamed === undefined) return caller ?? streamed;
    return isBefore(caller, streamed) ? caller : streamed;
  }

  #lineOf({ isStreamed }: Waiter): WaitingLine<Waiter> {
    return isStreamed ? this.#streamed : this.#callers;
  }
}
