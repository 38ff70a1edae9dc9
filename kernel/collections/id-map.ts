/** A power of two. */
const leastSlots = 16;
/** 2^32 divided by the golden ratio: ids that count up come to lie far from each other (Knuth, TAOCP 3, 6.4). */
const scatter = 0x9e3779b1;

/**
 * A TransientMap for ids: whole numbers of 32 bits. It costs a fraction: an object with numbers for names hashes each of
 * them, and goes through V8's runtime whenever one is added or taken away. It has no order.
 */
export class IdMap<V extends object> {
  #ids = new Uint32Array(leastSlots);
  /** undefined: nothing lies there. What has collided lies in the next slot that was free. */
  #values: (V | undefined)[] = new Array(leastSlots).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: number): V | undefined {
    return this.#values[this.#slotOf(id)];
  }

  has(id: number): boolean {
    return this.get(id) !== undefined;
  }

  set(id: number, value: V): void {
    let slot = this.#slotOf(id);
    if (this.#values[slot] === undefined) {
      this.#size += 1;
      if (this.#size * 2 > this.#values.length) {
        this.#grow();
        slot = this.#slotOf(id);
      }
    }
    this.#ids[slot] = id;
    this.#values[slot] = value;
  }

  /** False: there was none. */
  delete(id: number): boolean {
    let free = this.#slotOf(id);
    if (this.#values[free] === undefined) return false;
    const mask = this.#values.length - 1;
    // What would not be found any more behind an empty slot moves into it.
    for (let slot = (free + 1) & mask; this.#values[slot] !== undefined; slot = (slot + 1) & mask) {
      const from = this.#homeOf(this.#ids[slot] ?? 0);
      if (((slot - from) & mask) < ((slot - free) & mask)) continue;
      this.#ids[free] = this.#ids[slot] ?? 0;
      this.#values[free] = this.#values[slot];
      free = slot;
    }
    this.#values[free] = undefined;
    this.#size -= 1;
    return true;
  }

  values(): V[] {
    return this.#values.filter((value) => value !== undefined);
  }

  clear(): void {
    this.#resize(leastSlots);
  }

  #homeOf(id: number): number {
    return Math.imul(id, scatter) >>> (Math.clz32(this.#values.length) + 1);
  }

  /** Where it lies, or would. */
  #slotOf(id: number): number {
    const mask = this.#values.length - 1;
    let slot = this.#homeOf(id);
    while (this.#values[slot] !== undefined && this.#ids[slot] !== id) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [ids, values] = [this.#ids, this.#values];
    this.#resize(values.length * 2);
    for (const [slot, value] of values.entries()) if (value !== undefined) this.set(ids[slot] ?? 0, value);
    // The one that it grows for is counted already.
    this.#size += 1;
  }

  #resize(slots: number): void {
    this.#ids = new Uint32Array(slots);
    this.#values = new Array(slots).fill(undefined);
    this.#size = 0;
  }
}
