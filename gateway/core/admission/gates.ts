import type { LimitOptions } from './adaptive-limit.ts';
import { ModelGate, type Waiter } from './model-gate.ts';
import type { RefusalReason } from './overloaded.ts';
import { isBefore } from './waiting-line.ts';

export interface GatesOptions {
  /** Of each model. */
  readonly limit: LimitOptions;
  /** Requests that may wait for one model, and for all of them. */
  readonly maxWaiting: number;
  readonly maxWaitingTotal: number;
  /** Models by name; a new map whenever one comes or goes. */
  readonly models: () => ReadonlyMap<string, unknown>;
  readonly now: () => number;
}

/** A gate for each model that exists, so that a slow one does not close the door for a fast one. */
export class Gates {
  readonly #options: GatesOptions;
  readonly #byModel = new Map<string, ModelGate>();
  readonly #total = { refusable: 0 };
  /** For names that no model has: whatever comes for them is refused further in, at once. */
  readonly #nameless: ModelGate;
  #models: ReadonlyMap<string, unknown> | undefined;

  constructor(options: GatesOptions) {
    this.#options = options;
    this.#nameless = new ModelGate(options.limit, this.#total);
  }

  of(model: string): ModelGate {
    const models = this.#options.models();
    if (models !== this.#models) this.#forget(models);
    const known = this.#byModel.get(model);
    if (known !== undefined) return known;
    if (!models.has(model)) return this.#nameless;
    const fresh = new ModelGate(this.#options.limit, this.#total);
    this.#byModel.set(model, fresh);
    return fresh;
  }

  /** Gates of models that were asked for. */
  all(): Iterable<readonly [model: string, gate: ModelGate]> {
    return this.#byModel;
  }

  /** Lets a request wait, perhaps in the place of a less urgent one; the answer, if there is one, says why it may not. */
  wait(gate: ModelGate, waiter: Waiter): RefusalReason | undefined {
    if (!waiter.isStreamed) {
      if (gate.isLate(waiter, this.#options.now())) return 'late';
      const crowded = this.#crowded(gate);
      if (crowded !== undefined && !makeRoom(crowded, gate, waiter)) return 'full';
    }
    gate.add(waiter);
    return undefined;
  }

  /** The gate at which somebody has to go before one more may wait; undefined: there is room. */
  #crowded(gate: ModelGate): ModelGate | undefined {
    const { maxWaiting, maxWaitingTotal } = this.#options;
    if (gate.refusable >= maxWaiting) return gate;
    if (this.#total.refusable < maxWaitingTotal) return undefined;
    let longest = gate;
    for (const other of this.#byModel.values()) if (other.refusable > longest.refusable) longest = other;
    return longest;
  }

  /** Drops the gates of models that are gone, once nobody stands there. */
  #forget(models: ReadonlyMap<string, unknown>): void {
    this.#models = models;
    for (const [model, { inFlight, waiting }] of this.#byModel)
      if (!models.has(model) && inFlight === 0 && waiting === 0) this.#byModel.delete(model);
  }
}

/**
 * Refuses the last one at a crowded gate if the newcomer is more urgent, or no less urgent and bound for a model for
 * which fewer wait.
 */
const makeRoom = (crowded: ModelGate, own: ModelGate, newcomer: Waiter): boolean => {
  const { last } = crowded;
  if (last === undefined) return false;
  const isBetter = crowded === own ? isBefore(newcomer, last) : newcomer.priority <= last.priority;
  if (!isBetter) return false;
  crowded.remove(last);
  last.refuse('displaced');
  return true;
};
