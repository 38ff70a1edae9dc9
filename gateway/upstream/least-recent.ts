/** Half of the time that a value is remembered at most. */
const halfMs = 5_000;

/** The least of what was seen in the last five to ten seconds. */
export class LeastRecent {
  #halfBegan = Number.NEGATIVE_INFINITY;
  #now = Number.POSITIVE_INFINITY;
  #before = Number.POSITIVE_INFINITY;

  /** Takes a value at a time in milliseconds; the least, this value included. */
  observe(value: number, at: number): number {
    if (at - this.#halfBegan >= halfMs) this.#turn(at);
    this.#now = Math.min(this.#now, value);
    return Math.min(this.#now, this.#before);
  }

  #turn(at: number): void {
    this.#before = at - this.#halfBegan < 2 * halfMs ? this.#now : Number.POSITIVE_INFINITY;
    this.#now = Number.POSITIVE_INFINITY;
    this.#halfBegan = at;
  }
}
