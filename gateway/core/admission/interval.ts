/** How long one request had to wait below admission. */
export interface Sample {
  /** In a runtime's queue; of a request that expired there, all of its time below admission. */
  readonly queueMs: number;
  /** Of the batch that it was computed in; undefined: it was not computed. */
  readonly computeMs: number | undefined;
  /** Requests of the model below admission when it was admitted, itself among them. */
  readonly inFlight: number;
  /** Lower is more urgent; 0 is not known here. */
  readonly priority: number;
}

/** Shortest interval, and how many samples it wants; one that lasts for `longestMs` is over with fewer. */
const shortestMs = 100;
const wantedSamples = 10;
const longestMs = 1_000;

/**
 * What an interval of samples says about the queue below admission. As in CoDel (Nichols & Jacobson 2012) the
 * least delay counts: what even that request waited is no burst, it is a standing queue. It is the least delay
 * among the least urgent, because a runtime lets the urgent ones overtake however long its queue is.
 */
export class Interval {
  #startedAt = 0;
  #samples = 0;
  #priority = 0;
  #leastMs = 0;
  #computeMs = 0;
  #computed = 0;
  #peak = 0;
  /** Time in which the limit was reached, and how many were computed in it. */
  #reachedMs = 0;
  #reachedComputed = 0;

  /**
   * Delays are told as they would have been under the limit in force, by Little's law: after a decrease the answers to
   * what was admitted before it would otherwise be taken for a sign of the new limit.
   */
  add({ queueMs, computeMs, inFlight, priority }: Sample, limit: number, now: number): void {
    if (this.#samples === 0) this.#startedAt = now;
    const delayMs = inFlight > limit ? (queueMs * limit) / inFlight : queueMs;
    if (this.#samples === 0 || priority > this.#priority) {
      this.#priority = priority;
      this.#leastMs = delayMs;
    } else if (priority === this.#priority && delayMs < this.#leastMs) this.#leastMs = delayMs;
    if (computeMs !== undefined) {
      this.#computeMs += computeMs;
      this.#computed += 1;
    }
    if (inFlight > this.#peak) this.#peak = inFlight;
    this.#samples += 1;
  }

  /** The limit was reached for so long before that sample. */
  addReached({ computeMs }: Sample, ms: number): void {
    this.#reachedMs += ms;
    if (computeMs !== undefined) this.#reachedComputed += 1;
  }

  isOver(now: number): boolean {
    const elapsed = now - this.#startedAt;
    return elapsed >= longestMs || (elapsed >= shortestMs && this.#samples >= wantedSamples);
  }

  /** Begins anew with the next sample. */
  restart(): void {
    this.#samples = this.#computed = this.#computeMs = this.#peak = 0;
    this.#reachedMs = this.#reachedComputed = 0;
  }

  get leastMs(): number {
    return this.#leastMs;
  }

  /** Mean time of a batch; undefined: none was computed. */
  get computeMs(): number | undefined {
    return this.#computed === 0 ? undefined : this.#computeMs / this.#computed;
  }

  /** Most requests in flight that any sample saw. */
  get peak(): number {
    return this.#peak;
  }

  /** Answers in a millisecond while the limit was reached; undefined: there were none. */
  get rate(): number | undefined {
    return this.#reachedComputed === 0 ? undefined : this.#reachedComputed / Math.max(1, this.#reachedMs);
  }
}
