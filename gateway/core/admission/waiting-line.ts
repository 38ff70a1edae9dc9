/** Who waits, and what decides on the turn. */
export interface Turn {
  /** Lower is more urgent. */
  readonly priority: number;
  /** When the answer is due, in milliseconds of one clock. */
  readonly dueAt: number;
  /** Rises with each arrival. */
  readonly sequence: number;
}

/** By priority, then deadline, then arrival. */
export const isBefore = (a: Turn, b: Turn): boolean => {
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.dueAt === b.dueAt ? a.sequence < b.sequence : a.dueAt < b.dueAt;
};

/**
 * Those who wait, the most urgent first. Most arrivals belong at the end, where they cost nothing; who is taken leaves a
 * gap at the front that is closed now and then.
 */
export class WaitingLine<T extends Turn> {
  #waiting: (T | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#waiting.length - this.#head;
  }

  get first(): T | undefined {
    return this.#waiting[this.#head];
  }

  get last(): T | undefined {
    return this.size === 0 ? undefined : this.#waiting.at(-1);
  }

  /** How many come before such a turn. */
  ahead(turn: Turn): number {
    return this.#place(turn) - this.#head;
  }

  add(turn: T): void {
    this.#waiting.splice(this.#place(turn), 0, turn);
  }

  /** Takes one out; false: it does not wait here. */
  remove(turn: T): boolean {
    const place = this.#place(turn);
    if (this.#waiting[place] !== turn) return false;
    if (place === this.#head) this.#leaveGap();
    else this.#waiting.splice(place, 1);
    return true;
  }

  /** The first place whose turn does not come before the given one. */
  #place(turn: Turn): number {
    let [low, high] = [this.#head, this.#waiting.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#waiting[middle];
      if (other !== undefined && isBefore(other, turn)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #leaveGap(): void {
    this.#waiting[this.#head] = undefined;
    this.#head += 1;
    if (this.#head * 2 < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#head);
    this.#head = 0;
  }
}
