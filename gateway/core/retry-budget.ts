/** After this long neither a deposit nor a withdrawal counts any more. */
const ageMs = 10_000;
const buckets = 10;
const bucketMs = ageMs / buckets;

export interface RetryBudgetOptions {
  /** Retries for each request, for instance 0.1. */
  readonly share: number;
  /** Retries that are always there, so that rare traffic may retry too. */
  readonly perSecond: number;
  readonly now: () => number;
}

/**
 * Bounds retries to a share of the traffic, so that they cannot become a storm: every request deposits
 * a part of a retry, every retry withdraws a whole one, and all of it ages (Finagle's RetryBudget,
 * com.twitter.finagle.service.RetryBudget). Whenever it grants one, the last ten seconds have no more
 * retries than `share` × requests + `perSecond` × 10.
 */
export class RetryBudget {
  readonly #share: number;
  readonly #reserve: number;
  readonly #now: () => number;
  readonly #balances = new Float64Array(buckets);
  #newest: number;

  constructor({ share, perSecond, now }: RetryBudgetOptions) {
    this.#share = share;
    this.#reserve = perSecond * (ageMs / 1000);
    this.#now = now;
    this.#newest = Math.floor(now() / bucketMs);
  }

  /** A request came. */
  deposit(): void {
    this.#add(this.#share);
  }

  /** Takes a retry out of the budget; false: it is empty. */
  withdraw(): boolean {
    this.#add(0);
    let balance = this.#reserve;
    for (const each of this.#balances) balance += each;
    // Sums of tenths are not exact.
    if (balance < 1 - 1e-9) return false;
    this.#add(-1);
    return true;
  }

  #add(amount: number): void {
    const bucket = Math.floor(this.#now() / bucketMs);
    const passed = Math.min(buckets, bucket - this.#newest);
    for (let step = 1; step <= passed; step += 1) this.#balances[(this.#newest + step) % buckets] = 0;
    if (passed > 0) this.#newest = bucket;
    const at = bucket % buckets;
    this.#balances[at] = (this.#balances[at] ?? 0) + amount;
  }
}
