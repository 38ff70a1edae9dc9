import { Interval, type Sample } from './interval.ts';

export interface LimitOptions {
  /** Delay in the runtimes' queues that is no congestion, whatever a batch takes. */
  readonly targetMs: number;
  /** Where the limit begins, and what it never passes. */
  readonly max: number;
}

/** What a limit never falls below: enough to keep a few runtimes busy. */
const least = 4;
/** A work-conserving batcher is busy while one batch waits behind the one that is computed. */
const batchesAhead = 2;
/** The mildest and the strongest decrease. */
const mildest = 0.9;
const strongest = 0.5;

/**
 * How many requests for one model may be below admission at once: additive increase and multiplicative decrease
 * (Chiu & Jain 1989) on the delay in the runtimes' queues. After an interval with a standing queue the limit
 * falls, the more the longer the queue; after one without, it rises by its square root if it kept somebody
 * waiting. (ADR 0013.)
 */
export class AdaptiveLimit {
  readonly #options: LimitOptions;
  readonly #least: number;
  readonly #interval = new Interval();
  #limit: number;
  #computeMs = 0;
  /** In this interval. */
  #isReached = false;
  /** Without a pause; undefined: there is room. */
  #reachedSince: number | undefined;
  #sampledAt = 0;
  #isFull = false;
  #rate: number | undefined;

  constructor(options: LimitOptions) {
    this.#options = options;
    this.#limit = options.max;
    this.#least = Math.min(least, options.max);
  }

  get value(): number {
    return this.#limit;
  }

  /** Answers in a millisecond while the limit was reached; undefined: it was not. */
  get rate(): number | undefined {
    return this.#rate;
  }

  /** Somebody has to wait because of the limit. */
  reached(now: number): void {
    this.#isReached = true;
    this.#reachedSince ??= now;
  }

  /** There is room below the limit, and nobody waits. */
  cleared(): void {
    this.#reachedSince = undefined;
  }

  /** A runtime's queue was full. */
  full(): void {
    this.#isFull = true;
  }

  take(sample: Sample, now: number): void {
    this.#interval.add(sample, this.#limit, now);
    if (this.#reachedSince !== undefined)
      this.#interval.addReached(sample, now - Math.max(this.#reachedSince, this.#sampledAt));
    this.#sampledAt = now;
    if (this.#interval.isOver(now)) this.#adjust();
  }

  #adjust(): void {
    const interval = this.#interval;
    this.#computeMs = interval.computeMs ?? this.#computeMs;
    const targetMs = Math.max(this.#options.targetMs, batchesAhead * this.#computeMs);
    if (this.#isFull || interval.leastMs > targetMs) {
      const factor = this.#isFull ? strongest : clamped(targetMs / interval.leastMs);
      this.#limit = Math.max(this.#least, Math.floor(factor * Math.min(this.#limit, interval.peak)));
    } else if (this.#isReached)
      this.#limit = Math.min(this.#options.max, this.#limit + Math.ceil(Math.sqrt(this.#limit)));
    this.#rate = interval.rate;
    this.#isReached = this.#isFull = false;
    interval.restart();
  }
}

const clamped = (factor: number): number => Math.min(mildest, Math.max(strongest, factor));
