/**
 * A map whose entries come and go, for whatever is under way. It has no order.
 *
 * Not a Map, since V8's leaves a chain: when one is rehashed, which deleted entries alone bring about, its old
 * table points to the new one and keeps what it held. As soon as a table of that chain is in the old generation,
 * all later ones survive minor collections with their contents, until the next major one (docs/performance.md).
 */
export class TransientMap<K extends string | number, V> {
  #entries: Partial<Record<K, V>> = Object.create(null);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: K): V | undefined {
    return this.#entries[key];
  }

  has(key: K): boolean {
    return key in this.#entries;
  }

  set(key: K, value: V): void {
    if (!this.has(key)) this.#size += 1;
    this.#entries[key] = value;
  }

  /** False: there was none. */
  delete(key: K): boolean {
    if (!this.has(key)) return false;
    delete this.#entries[key];
    this.#size -= 1;
    return true;
  }

  values(): V[] {
    return Object.values(this.#entries);
  }

  clear(): void {
    this.#entries = Object.create(null);
    this.#size = 0;
  }
}
