import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { listModels } from '@sluice/kernel/release/list-releases';
import type { ReleaseName } from '@sluice/kernel/release/release';
import { Catalog } from './catalog.ts';
import { beginInTurn, EagerLoads, settled } from './eager-loads.ts';
import { type HeldRelease, reasonOf, type Served, servedOf } from './held-release.ts';
import { HeldTable } from './held-table.ts';
import { Loader, type LoaderOptions } from './loader.ts';
import { Turns } from './turns.ts';

export type HolderOptions = Omit<LoaderOptions, 'table' | 'stays'>;

/** When it is worth while to ask again for what cannot be loaded now. */
const retryAfterMs = 1_000;

/** The releases that this process holds or could hold, itself or in cells. A broken one never stops the others. */
export class ReleaseHolder implements AsyncDisposable {
  readonly #options: HolderOptions;
  readonly #table = new HeldTable();
  readonly #loader: Loader;
  readonly #catalog: Catalog;
  readonly #eager: EagerLoads;
  /** By model: loading and unloading by hand. */
  readonly #turns = new Turns();
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ready = false;

  constructor(options: HolderOptions) {
    this.#options = options;
    this.#catalog = new Catalog({ ...options, table: this.#table });
    this.#loader = new Loader({
      ...options,
      table: this.#table,
      stays: (handle) => this.#catalog.stays(handle),
    });
    this.#eager = new EagerLoads({ table: this.#table, catalog: this.#catalog, loader: this.#loader });
  }

  /** True when everything that was to be loaded at start is loaded or has failed for good. */
  get ready(): boolean {
    return this.#ready;
  }

  /** What loaded releases take, as `loadedBytes` estimates it. */
  get takenBytes(): number {
    return this.#loader.room.takenBytes;
  }

  /** What may be loaded beside. */
  get freeBytes(): number {
    return this.#loader.room.freeBytes;
  }

  all(): HeldRelease[] {
    return this.#table.all();
  }

  byHandle(handle: number): HeldRelease | undefined {
    return this.#table.byHandle(handle);
  }

  /** Calls back after each change. */
  onChange(listener: () => void): () => void {
    return this.#table.onChange(listener);
  }

  /** Loads what the revision wants loaded of the models in the store, or of the named ones; the rest on demand. */
  async loadAll(models: readonly string[]): Promise<void> {
    const { store, log } = this.#options;
    this.#catalog.restrict(models);
    const found = await listModels(store);
    for (const model of models)
      if (!found.includes(model)) log.warn({ model }, `${model} is to be loaded, but is not in the store`);
    await this.#catalog.look();
    await this.#eager.load();
    this.#becomeReady();
  }

  /** Looks for something new in the store, again and again. */
  follow(pollMs: number): void {
    this.#timer = setInterval(() => {
      this.refresh().catch((err: unknown) =>
        this.#options.log.error({ err }, `cannot read the store: ${messageOf(err)}`),
      );
    }, pollMs);
  }

  /** Looks for something new in the store; what is to be loaded of it loads in the background. */
  refresh(): Promise<void> {
    // A look that has begun may have passed what is new.
    this.#looking ??= this.#turns.take('look', () => {
      this.#looking = undefined;
      return this.#refresh();
    });
    return this.#looking;
  }

  /** Loads this one release and nothing else: what a cell does. */
  async loadOnly({ model, version, digest }: ReleaseName): Promise<HeldRelease> {
    const { handle } = this.#table.put({ ...this.#table.entry(model, version), digest }, { kind: 'LOADING' });
    const held = await this.#loader.load(handle, 'eager').done;
    this.#becomeReady();
    return held;
  }

  /**
   * Somebody asks for a release: it is loaded, unless it is. Many who ask share one load.
   * @throws SluiceError RELEASE_UNAVAILABLE or RELEASE_QUARANTINED with the reason.
   */
  async demand({ handle, state }: HeldRelease): Promise<Served> {
    const isToLoad = state.kind === 'ON_DEMAND';
    const loading = isToLoad ? this.#loader.load(handle, 'demand') : this.#loader.loading(handle);
    const held = (await loading?.done) ?? this.byHandle(handle);
    const served = held === undefined ? undefined : servedOf(held);
    if (served !== undefined) return served;
    throw unavailable(held);
  }

  /**
   * The same by name, with the files that whoever asks knows.
   * @throws SluiceError RELEASE_UNAVAILABLE or RELEASE_QUARANTINED with the reason.
   */
  async demandNamed({ model, version, digest }: ReleaseName): Promise<void> {
    // It may have come since the last look; whoever asks for it has read it whole.
    if (this.#table.find(model, version) === undefined) await this.#catalog.look(true);
    const known = this.#table.find(model, version);
    if (known === undefined)
      throw new SluiceError('RELEASE_UNAVAILABLE', `${model} ${version} is not for this runtime`);
    const hasOthers = known.state.kind === 'UNAVAILABLE' && known.state.digest !== digest;
    // What failed was a folder that was still being copied.
    if (hasOthers) await this.#loader.load(known.handle, 'demand').done;
    const { release } = await this.demand(this.byHandle(known.handle) ?? known);
    if (release.digest === digest) return;
    throw new SluiceError(
      'RELEASE_UNAVAILABLE',
      `${model} ${version}: the files are others (${release.digest}) than those asked for (${digest})`,
    );
  }

  /**
   * Loads every version of a model that the store holds, and keeps them; what is loaded already stays as it is.
   * @throws SluiceError MODEL_NOT_FOUND, or RELEASE_UNAVAILABLE with the reasons when one cannot be served.
   */
  load(model: string): Promise<void> {
    return this.#turns.take(`model ${model}`, async () => {
      if (!(await this.#catalog.pin(model)))
        throw new SluiceError('MODEL_NOT_FOUND', `the store holds no model ${model}`);
      const handles = this.#catalog.versionsOf(model).map(({ handle }) => handle);
      const versions = await settled(await beginInTurn(this.#loader, handles, 'hand'));
      const faults = versions
        .filter((held) => servedOf(held) === undefined)
        .map((held) => `${held.version}: ${reasonOf(held)}`);
      if (faults.length > 0)
        throw new SluiceError('RELEASE_UNAVAILABLE', `failed to load ${model}: ${faults.join('; ')}`);
    });
  }

  /** Stops serving a model, until it is loaded by hand; what is queued is computed first. */
  unload(model: string): Promise<void> {
    return this.#turns.take(`model ${model}`, async () => {
      const held = this.#catalog.versionsOf(model);
      if (held.length === 0) throw new SluiceError('MODEL_NOT_FOUND', `the runtime holds no model ${model}`);
      this.#catalog.unpin(model);
      for (const each of held) await this.#loader.unload(each, 'hand');
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#loader.close();
  }

  #becomeReady(): void {
    this.#ready = true;
    this.#table.changed();
  }

  async #refresh(): Promise<void> {
    await this.#catalog.look();
    this.#eager.giveAnotherChance();
    void this.#eager.load();
  }
}

const unavailable = (held: HeldRelease | undefined): SluiceError => {
  const { model = 'the release', version = '', state } = held ?? {};
  const code = state?.kind === 'QUARANTINED' ? 'RELEASE_QUARANTINED' : 'RELEASE_UNAVAILABLE';
  const why = held === undefined ? 'it is not here' : reasonOf(held) || held.state.kind.toLowerCase();
  return new SluiceError(code, `${model} ${version} is not available: ${why}`, { retryAfterMs });
};
