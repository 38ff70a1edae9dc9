import { TransientMap } from '@sluice/kernel/collections/transient-map';

export interface ByteLimits {
  /** Of all inputs that are admitted or waiting. */
  readonly max: number;
  /** Of those that came over one connection. */
  readonly maxPerConnection: number;
}

/** Bytes of inputs that are admitted or waiting, in all and by connection. */
export class ByteCounts {
  readonly #limits: ByteLimits;
  readonly #byConnection = new TransientMap<string, number>();
  #total = 0;

  constructor(limits: ByteLimits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Which bound so many more would pass; what comes alone passes none. */
  passed(connection: string, bytes: number): 'bytes' | 'connection_bytes' | undefined {
    const { max, maxPerConnection } = this.#limits;
    const own = this.#byConnection.get(connection) ?? 0;
    if (own > 0 && own + bytes > maxPerConnection) return 'connection_bytes';
    return this.#total > 0 && this.#total + bytes > max ? 'bytes' : undefined;
  }

  add(connection: string, bytes: number): void {
    this.#total += bytes;
    this.#byConnection.set(connection, (this.#byConnection.get(connection) ?? 0) + bytes);
  }

  remove(connection: string, bytes: number): void {
    this.#total -= bytes;
    const left = (this.#byConnection.get(connection) ?? 0) - bytes;
    if (left > 0) this.#byConnection.set(connection, left);
    else this.#byConnection.delete(connection);
  }
}
