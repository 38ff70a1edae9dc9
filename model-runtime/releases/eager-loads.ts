import type { Catalog } from './catalog.ts';
import type { HeldRelease } from './held-release.ts';
import type { HeldTable } from './held-table.ts';
import type { LoadCause, Loader, Loading } from './loader.ts';

export interface EagerLoadsOptions {
  readonly table: HeldTable;
  readonly catalog: Catalog;
  readonly loader: Loader;
}

/** Opens one release after the other; cells load beside each other. */
export const beginInTurn = async (
  loader: Loader,
  handles: readonly number[],
  cause: LoadCause,
): Promise<Loading[]> => {
  const begun: Loading[] = [];
  for (const handle of handles) {
    const loading = loader.load(handle, cause);
    await loading.begun;
    begun.push(loading);
  }
  return begun;
};

/** Resolves when it is known of each whether it is served. */
export const settled = (loadings: readonly Loading[]): Promise<HeldRelease[]> =>
  Promise.all(loadings.map(({ done }) => done));

/** Loads what is wanted before somebody asks, and what failed again after a while. */
export class EagerLoads {
  readonly #options: EagerLoadsOptions;
  #beginning: Promise<Loading[]> | undefined;

  constructor(options: EagerLoadsOptions) {
    this.#options = options;
  }

  /** Resolves when it is known of each whether it is served. What comes while some are begun is for the next time. */
  async load(): Promise<void> {
    this.#beginning ??= this.#begin().finally(() => {
      this.#beginning = undefined;
    });
    await settled(await this.#beginning);
  }

  /** What failed on demand may be asked for again after a while; its reason stays until then. */
  giveAnotherChance(): void {
    const { table, catalog, loader } = this.#options;
    for (const held of table.all())
      if (held.state.kind === 'UNAVAILABLE' && !catalog.stays(held.handle) && loader.isDue(held.handle))
        table.put(held, { kind: 'ON_DEMAND', reason: held.state.reason });
  }

  #begin(): Promise<Loading[]> {
    const { catalog, loader } = this.#options;
    return beginInTurn(
      loader,
      catalog.eager.filter((handle) => this.#isDue(handle)),
      'eager',
    );
  }

  #isDue(handle: number): boolean {
    const { table, loader } = this.#options;
    const kind = table.byHandle(handle)?.state.kind;
    return (kind === 'ON_DEMAND' || kind === 'UNAVAILABLE') && loader.isDue(handle);
  }
}
