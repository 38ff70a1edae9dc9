import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { listModels, listStrangers, listVersions } from '@sluice/kernel/release/list-releases';
import { isComputedElsewhere } from '@sluice/kernel/release/read-release';
import type { Release, ReleaseName } from '@sluice/kernel/release/release';
import { type Placement, placementOf } from '../core/placement.ts';
import type { Celled } from './celled.ts';
import type { HeldRelease } from './held-release.ts';
import { HeldTable } from './held-table.ts';
import { type LoadOptions, openRelease, readExpected } from './load-release.ts';
import { Shared, type SharedOptions } from './shared.ts';
import { Turns } from './turns.ts';

export interface HolderOptions extends LoadOptions, Omit<SharedOptions, 'table'> {
  readonly maxComputeMs: number;
  /** Makes the place for slow and suspect releases; not given: everything is held here. */
  readonly createCelled?: (table: HeldTable) => Celled;
}

/** The releases that this process holds, itself or in cells. A broken one never stops the others. */
export class ReleaseHolder implements AsyncDisposable {
  readonly #options: HolderOptions;
  readonly #table = new HeldTable();
  readonly #celled: Celled | undefined;
  readonly #shared: Shared;
  /** By model: loading and unloading. */
  readonly #turns = new Turns();
  #ready = false;

  constructor(options: HolderOptions) {
    this.#options = options;
    this.#shared = new Shared({ ...options, table: this.#table });
    this.#celled = options.createCelled?.(this.#table);
  }

  /** True when everything that was to be loaded at start is loaded or has failed for good. */
  get ready(): boolean {
    return this.#ready;
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

  /** Loads what the store holds, or only the named models. */
  async loadAll(models: readonly string[]): Promise<void> {
    const { store, log } = this.#options;
    const found = await listModels(store);
    for (const model of models)
      if (!found.includes(model)) log.warn({ model }, `${model} is to be loaded, but is not in the store`);
    const wanted = models.length === 0 ? found : found.filter((model) => models.includes(model));
    const begun: HeldRelease[] = [];
    for (const model of found) {
      if (wanted.includes(model)) begun.push(...(await this.#turns.take(model, () => this.#begin(model))));
      await this.#saySkipped(model, wanted.includes(model));
    }
    // Cells load beside each other.
    await this.#settled(begun);
    this.#becomeReady();
  }

  /** Loads this one release and nothing else: what a cell does. */
  async loadOnly({ model, version, digest }: ReleaseName): Promise<HeldRelease> {
    this.#table.put({ ...this.#table.entry(model, version), digest }, { kind: 'LOADING' });
    const held = await this.#turns.take(model, () => this.#beginOne(model, version));
    this.#becomeReady();
    return held;
  }

  /**
   * Loads every version of a model that the store holds; what is loaded already stays as it is.
   * @throws SluiceError MODEL_NOT_FOUND, or RELEASE_UNAVAILABLE with the reasons when one cannot be served.
   */
  async load(model: string): Promise<void> {
    const versions = await this.#turns.take(model, async () => this.#settled(await this.#begin(model)));
    if (versions.length === 0 && (await listVersions(this.#options.store, model)).length === 0)
      throw new SluiceError('MODEL_NOT_FOUND', `the store holds no model ${model}`);
    const faults = versions.flatMap(({ version, state }) =>
      state.kind === 'UNAVAILABLE' || state.kind === 'QUARANTINED' ? [`${version}: ${state.reason}`] : [],
    );
    if (faults.length > 0)
      throw new SluiceError('RELEASE_UNAVAILABLE', `failed to load ${model}: ${faults.join('; ')}`);
  }

  /** Stops serving a model; what is queued is computed first. */
  unload(model: string): Promise<void> {
    return this.#turns.take(model, () => this.#unloadVersions(model));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const held of this.all()) await this.#shared.leave(held);
  }

  async #unloadVersions(model: string): Promise<void> {
    const held = this.all().filter((each) => each.model === model);
    if (held.length === 0) throw new SluiceError('MODEL_NOT_FOUND', `the runtime holds no model ${model}`);
    for (const each of held) {
      this.#table.put(each, { kind: 'UNLOADED' });
      await this.#shared.leave(each);
      await this.#celled?.leave(each);
      this.#options.log.info({ model, version: each.version }, `unloaded ${model} ${each.version}`);
    }
  }

  async #saySkipped(model: string, wanted: boolean): Promise<void> {
    const { store, log } = this.#options;
    if (!wanted) return log.info({ model }, `skipped ${model}: it is not among the models to load`);
    for (const folder of await listStrangers(store, model))
      log.warn({ model, folder }, `skipped ${model}/${folder}: its name is no version`);
  }

  #becomeReady(): void {
    this.#ready = true;
    this.#table.changed();
  }

  /** Opens what is held here, and starts the cells of the rest. */
  async #begin(model: string): Promise<HeldRelease[]> {
    const { store, log } = this.#options;
    const begun: HeldRelease[] = [];
    for (const version of await listVersions(store, model)) {
      if (await isComputedElsewhere(store, model, version))
        log.info({ model, version }, `passed over ${model} ${version}: another server computes it`);
      else begun.push(await this.#beginOne(model, version));
    }
    return begun;
  }

  /** The same releases once it is known whether their cells serve them. */
  async #settled(begun: readonly HeldRelease[]): Promise<HeldRelease[]> {
    await Promise.all(begun.map(({ handle }) => this.#celled?.settled(handle)));
    return begun.map((held) => this.byHandle(held.handle) ?? held);
  }

  async #beginOne(model: string, version: string): Promise<HeldRelease> {
    const known = this.#table.find(model, version);
    if (known?.state.kind === 'READY') return known;
    if (known !== undefined && this.#celled?.retry(known.handle) === true) return known;
    const held = this.#table.put(this.#table.entry(model, version), { kind: 'LOADING' });
    try {
      const release = await readExpected(this.#options.store, held);
      return await this.#place(held, release, placementOf(release.manifest, this.#options));
    } catch (error) {
      const reason = messageOf(error);
      this.#options.log.error({ model, version, reason }, `refused ${model} ${version}: ${reason}`);
      return this.#table.put(held, { kind: 'UNAVAILABLE', reason });
    }
  }

  async #place(held: HeldRelease, release: Release, placement: Placement): Promise<HeldRelease> {
    const [shared, celled] = [this.#shared, this.#celled];
    if (celled !== undefined && placement.isolation === 'cell') return celled.enter(held, release, placement);
    const opened = await openRelease(this.#options, release);
    if (celled === undefined || placement.isolation === 'shared') return shared.enter(held, release, opened);
    if (!celled.takesSlow(release, placement, opened.warmUp.leastMs)) {
      const watch = celled.watch(release, (medianMs) => this.#move(held.handle, medianMs));
      return shared.enter(held, release, opened, watch);
    }
    await opened.session[Symbol.asyncDispose]();
    return celled.enter(held, release, placement);
  }

  /** A release that turned out to be slow goes into cells; it is served all the while. */
  #move(handle: number, medianMs: number): Promise<void> {
    const { model = '' } = this.byHandle(handle) ?? {};
    return this.#turns.take(model, async () => {
      const held = this.byHandle(handle);
      if (held?.state.kind !== 'READY') return;
      const { release } = held.state;
      const placement = placementOf(release.manifest, this.#options);
      if (!this.#celled?.takesSlow(release, placement, medianMs)) return;
      // What its queue holds is still computed here.
      if (await this.#celled.move(held, release, placement)) await this.#shared.leave(held);
    });
  }
}
