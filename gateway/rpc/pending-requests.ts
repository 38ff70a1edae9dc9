import { IdMap } from '@sluice/kernel/collections/id-map';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Computed } from '../core/call.ts';
import type { RuntimeRequest } from '../core/runtime.ts';

/** A request that a runtime has and has not answered. */
export interface Pending {
  readonly request: RuntimeRequest;
  readonly resolve: (computed: Computed) => void;
  readonly reject: (error: unknown) => void;
}

type Numbered = Pending & { readonly id: number };

/** Somebody who waits for a runtime: for the answer to a request, or for a release to be loaded. */
export interface Unanswered {
  readonly release: ReleaseName;
  readonly reject: (error: Error) => void;
}

const maxEntryId = 0xffff_ffff;

/** The requests under way on one stream, and since when their runtime is silent. Times: performance.now(). */
export class PendingRequests {
  readonly #pending = new IdMap<Numbered>();
  #lastId = 0;
  #owesSince = 0;
  /** Silence of before there was nothing more to wait for. */
  #silentMs = 0;

  get size(): number {
    return this.#pending.size;
  }

  /** Since when answers are owed and none was given; undefined: none is owed. */
  get silentSince(): number | undefined {
    return this.#pending.size === 0 ? undefined : this.#owesSince;
  }

  /** Answers its id. */
  add(pending: Pending, now: number): number {
    if (this.#pending.size === 0) this.#owesSince = now - this.#silentMs;
    do this.#lastId = this.#lastId >= maxEntryId ? 1 : this.#lastId + 1;
    while (this.#pending.has(this.#lastId));
    this.#pending.set(this.#lastId, { ...pending, id: this.#lastId });
    return this.#lastId;
  }

  get(id: number): Pending | undefined {
    return this.#pending.get(id);
  }

  has(id: number): boolean {
    return this.#pending.has(id);
  }

  /** Those with the lowest ids first. */
  all(): Numbered[] {
    return this.#pending.values().sort((a, b) => a.id - b.id);
  }

  remove(id: number): void {
    this.#pending.delete(id);
    this.#silentMs = 0;
  }

  /** Removes one whose time is up: who waited until its deadline has learned that the runtime is silent. */
  expire(id: number, now: number): void {
    this.#pending.delete(id);
    this.#silentMs = now - this.#owesSince;
  }

  /** The runtime has answered something. */
  heard(now: number): void {
    this.#silentMs = 0;
    this.#owesSince = now;
  }

  /** Answers what was under way; nothing is any more. */
  clear(): Unanswered[] {
    const all = this.all();
    this.#pending.clear();
    return all.map(({ request: { release }, reject }) => ({ release, reject }));
  }
}
