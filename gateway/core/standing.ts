/** Why a runtime is kept out for a while. */
export type EjectionReason = 'lost' | 'faults' | 'silent';

export interface StandingOptions {
  /** How long the first ejection lasts, in milliseconds; the n-th in a row n times as long. */
  readonly ejectMs: number;
  /** How long a runtime takes to get its full share after it came or came back, in milliseconds. */
  readonly reentryMs: number;
}

/** Longest ejection (Envoy's outlier detection: max_ejection_time). */
const maxEjectMs = 300_000;
/** So long without a further ejection takes one from the count. */
const forgivenMs = 30_000;
/** Faults in a row that are one too many (Envoy's outlier detection: consecutive_5xx). */
const maxFaults = 5;
/** Share of a runtime that has only just come (Envoy's slow start: min_weight_percent). */
const leastWeight = 0.1;

/** How the dispatcher thinks of one runtime. Times are milliseconds of performance.now(). */
export class Standing {
  readonly #options: StandingOptions;
  /** Measured cost of what it has in flight, in microseconds of computing. */
  loadUs = 0;
  /** Its connection broke since it was last available. */
  wasLost = false;
  isAvailable = false;
  /** Number of the last answer, counted over all runtimes. */
  lastAnswer = 0;
  #faults = 0;
  #faultsSince = 0;
  #inFlight = 0;
  #ejections = 0;
  #ejectedUntil = Number.NEGATIVE_INFINITY;
  #enteredAt = Number.NEGATIVE_INFINITY;

  constructor(options: StandingOptions) {
    this.#options = options;
  }

  begin(costUs: number): void {
    this.#inFlight += 1;
    this.loadUs += costUs;
  }

  end(costUs: number): void {
    this.#inFlight -= 1;
    // Sums of fractions drift; nothing in flight is nothing.
    this.loadUs = this.#inFlight === 0 ? 0 : this.loadUs - costUs;
  }

  /** It answered: the n-th answer of all. */
  answered(number: number): void {
    this.lastAnswer = number;
    this.#faults = 0;
  }

  /**
   * It gave a fault of its own, after so many answers of all runtimes. Answers since when it has given
   * nothing else, as such a number; undefined: they are not yet too many.
   */
  failed(answers: number): number | undefined {
    if (this.#faults === 0) this.#faultsSince = answers;
    this.#faults += 1;
    return this.#faults >= maxFaults ? this.#faultsSince : undefined;
  }

  /** It is available now and was not before. */
  enter(now: number): void {
    this.#faults = 0;
    this.#enteredAt = Math.max(now, this.#ejectedUntil);
  }

  /** Answers how long it lasts, in milliseconds. */
  eject(now: number): number {
    const { ejectMs } = this.#options;
    this.#faults = 0;
    const forgiven = Math.floor(Math.max(0, now - this.#ejectedUntil) / forgivenMs);
    this.#ejections = Math.max(0, this.#ejections - forgiven) + 1;
    const lastsMs = Math.min(maxEjectMs, ejectMs * this.#ejections);
    this.#ejectedUntil = this.#enteredAt = now + lastsMs;
    return lastsMs;
  }

  /** Keeps it out until then at least; that is no further ejection. */
  holdOff(until: number): void {
    if (until > this.#ejectedUntil) this.#ejectedUntil = this.#enteredAt = until;
  }

  isEjected(now: number): boolean {
    return now < this.#ejectedUntil;
  }

  get ejectedUntil(): number {
    return this.#ejectedUntil;
  }

  /** From when on it has its full share. */
  get settledAt(): number {
    return this.#enteredAt + this.#options.reentryMs;
  }

  /** Its share of the traffic, against 1 of one that has settled. */
  weight(now: number): number {
    const { reentryMs } = this.#options;
    if (now >= this.settledAt) return 1;
    return Math.max(leastWeight, (now - this.#enteredAt) / reentryMs);
  }
}
