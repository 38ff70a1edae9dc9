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
    const next = this.#set({ ...held, state });
    this.changed();
    return next;
  }

  #set(next: HeldRelease): HeldRelease {
    this.#held.set(`${next.model}/${next.version}`, next);
    this.#byHandle[next.handle - 1] = next;
    return next;
  }

  /** Makes the records of releases that there are none of yet; told as one change. */
  add(releases: readonly { readonly model: string; readonly version: string }[], state: HeldState): void {
    for (const { model, version } of releases) this.#set({ ...this.entry(model, version), state });
    if (releases.length > 0) this.changed();
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
