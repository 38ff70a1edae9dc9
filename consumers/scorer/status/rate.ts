/** Over so long. */
const spanMs = 10_000;

/** How many a second, over the last ten seconds, of a count that is looked at from time to time. */
export class Rate {
  #looks: { readonly at: number; readonly count: number }[] = [];

  /** @param at of performance.now() */
  look(at: number, count: number): number {
    this.#looks = this.#looks.filter((each) => at - each.at <= spanMs);
    const [first] = this.#looks;
    this.#looks.push({ at, count });
    return first === undefined || at <= first.at ? 0 : ((count - first.count) * 1_000) / (at - first.at);
  }
}
