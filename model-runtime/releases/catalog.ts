import type { HeldRelease } from './held-release.ts';
import type { HeldTable } from './held-table.ts';
import { StoreLook, type StoreLookOptions } from './store-look.ts';
import { Turns } from './turns.ts';

export interface CatalogOptions extends StoreLookOptions {
  readonly table: HeldTable;
}

/** Which releases this runtime may hold, and which of them are wanted here before somebody asks. */
export class Catalog {
  readonly #table: HeldTable;
  readonly #look: StoreLook;
  readonly #turns = new Turns();
  /** Empty: every model of the store is for this runtime. */
  #models: readonly string[] = [];
  /** Handles of what the revision wants loaded, and of what somebody loaded by hand. */
  #eager: ReadonlySet<number> = new Set();
  readonly #pinned = new Set<number>();
  /** Models that somebody unloaded by hand. */
  readonly #unloaded = new Set<string>();

  constructor(options: CatalogOptions) {
    this.#table = options.table;
    this.#look = new StoreLook(options);
  }

  get eager(): readonly number[] {
    return [...this.#eager];
  }

  /** Whether a release is not to be unloaded for another one. */
  stays(handle: number): boolean {
    return this.#eager.has(handle) || this.#pinned.has(handle);
  }

  versionsOf(model: string): HeldRelease[] {
    return this.#table.all().filter((each) => each.model === model);
  }

  /** Only these are for this runtime, beside what is loaded by hand; none: all. */
  restrict(models: readonly string[]): void {
    this.#models = models;
  }

  /** Keeps every version of a model; whether the store has the model. */
  async pin(model: string): Promise<boolean> {
    this.#unloaded.delete(model);
    const isThere = await this.look(true, model);
    for (const { handle } of this.versionsOf(model)) this.#pinned.add(handle);
    return isThere;
  }

  /** What comes of a model stays away, too. */
  unpin(model: string): void {
    this.#unloaded.add(model);
    for (const { handle } of this.versionsOf(model)) this.#pinned.delete(handle);
  }

  /**
   * Makes known what is new in the store; looks come one after the other.
   * @param trusts as StoreLook's.
   * @param byHand a model that is for this runtime from now on; whether the store has it.
   */
  look(trusts = false, byHand?: string): Promise<boolean> {
    return this.#turns.take('', async () => {
      const seen = await this.#look.look((model) => model === byHand || this.#mayHold(model), trusts);
      for (const { model, versions } of seen) this.#add(model, versions);
      this.#eager = new Set(
        seen.flatMap(({ model, eager }) =>
          this.#unloaded.has(model)
            ? []
            : eager.flatMap((version) => this.#table.find(model, version)?.handle ?? []),
        ),
      );
      return seen.some(({ model }) => model === byHand);
    });
  }

  #mayHold(model: string): boolean {
    return this.#models.length === 0 || this.#models.includes(model) || this.versionsOf(model).length > 0;
  }

  #add(model: string, versions: readonly string[]): void {
    const fresh = versions.filter((version) => this.#table.find(model, version) === undefined);
    const kind = this.#unloaded.has(model) ? 'UNLOADED' : 'ON_DEMAND';
    this.#table.add(
      fresh.map((version) => ({ model, version })),
      { kind },
    );
  }
}
