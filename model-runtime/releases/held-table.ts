import type { HeldRelease, HeldState } from './held-release.ts';

/** Every release that this process was told to hold, with whoever wants to know of changes. */
export class HeldTable {
  readonly #held = new Map<string, HeldRelease>();
  readonly #byHandle: HeldRelease[] = [];
  readonly #listeners = new Set<() => void>();

  all(): HeldRelease[] {
    return [...this.#held.values()];
  }

  find(model: string, version: string): HeldRelease | undefined {
    return this.#held.get(`${model}/${version}`);
  }

  byHandle(handle: number): HeldRelease | undefined {
    return this.#byHandle[handle - 1];
  }

  /** The record of a release, made where there is none yet. */
  entry(model: string, version: string): Omit<HeldRelease, 'state'> {
    return this.find(model, version) ?? { handle: this.#held.size + 1, model, version, digest: '' };
  }

  put(held: Omit<HeldRelease, 'state'>, state: HeldState): HeldRelease {
    const next = { ...held, state };
    this.#held.set(`${held.model}/${held.version}`, next);
    this.#byHandle[held.handle - 1] = next;
    this.changed();
    return next;
  }

  /** Calls back after each change. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
