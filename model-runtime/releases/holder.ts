import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { listModels, listStrangers, listVersions } from '@sluice/kernel/release/list-releases';
import { isComputedElsewhere } from '@sluice/kernel/release/read-release';
import type { Release } from '@sluice/kernel/release/release';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { ReleaseWorker } from '../core/release-worker.ts';
import type { Session } from '../session/session.ts';
import type { HeldRelease, HeldState } from './held-release.ts';
import { type LoadOptions, loadRelease } from './load-release.ts';

export interface HolderOptions extends LoadOptions {
  readonly log: Log;
  readonly createWorker: (release: Release, session: Session) => ReleaseWorker;
}

/** The releases that this process holds. A broken one never stops the others. */
export class ReleaseHolder implements AsyncDisposable {
  readonly #options: HolderOptions;
  readonly #held = new Map<string, HeldRelease>();
  readonly #byHandle: HeldRelease[] = [];
  readonly #sessions = new Map<number, Session>();
  readonly #listeners = new Set<() => void>();
  /** By model, what is to be done before it may be loaded or unloaded again. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #ready = false;

  constructor(options: HolderOptions) {
    this.#options = options;
  }

  /** True when everything that was to be loaded at start is loaded or has failed for good. */
  get ready(): boolean {
    return this.#ready;
  }

  all(): HeldRelease[] {
    return [...this.#held.values()];
  }

  byHandle(handle: number): HeldRelease | undefined {
    return this.#byHandle[handle - 1];
  }

  /** Calls back after each change. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Loads what the store holds, or only the named models. */
  async loadAll(models: readonly string[]): Promise<void> {
    const { store, log } = this.#options;
    const found = await listModels(store);
    for (const model of models)
      if (!found.includes(model)) log.warn({ model }, `${model} is to be loaded, but is not in the store`);
    const wanted = models.length === 0 ? found : found.filter((model) => models.includes(model));
    for (const model of found) {
      if (wanted.includes(model)) await this.#loadVersions(model);
      await this.#saySkipped(model, wanted.includes(model));
    }
    this.#ready = true;
    this.#changed();
  }

  /**
   * Loads every version of a model that the store holds; what is loaded already stays as it is.
   * @throws SluiceError MODEL_NOT_FOUND, or RELEASE_UNAVAILABLE with the reasons when one cannot be served.
   */
  async load(model: string): Promise<void> {
    const versions = await this.#loadVersions(model);
    if ((await listVersions(this.#options.store, model)).length === 0)
      throw new SluiceError('MODEL_NOT_FOUND', `the store holds no model ${model}`);
    const faults = versions.flatMap(({ version, state }) =>
      state.kind === 'UNAVAILABLE' ? [`${version}: ${state.reason}`] : [],
    );
    if (faults.length > 0)
      throw new SluiceError('RELEASE_UNAVAILABLE', `failed to load ${model}: ${faults.join('; ')}`);
  }

  /** Stops serving a model; what is queued is computed first. */
  unload(model: string): Promise<void> {
    return this.#inTurn(model, () => this.#unloadVersions(model));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const held of this.all())
      if (held.state.kind === 'READY') await this.#close(held, held.state.worker);
  }

  /** Loading and unloading of one model happen one after the other, in the order of the asking. */
  #inTurn<T>(model: string, action: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(model) ?? Promise.resolve()).then(action);
    const done = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(model, done);
    done.then(() => {
      if (this.#turns.get(model) === done) this.#turns.delete(model);
    });
    return turn;
  }

  async #unloadVersions(model: string): Promise<void> {
    const held = this.all().filter((each) => each.model === model);
    if (held.length === 0) throw new SluiceError('MODEL_NOT_FOUND', `the runtime holds no model ${model}`);
    for (const each of held) {
      const { state } = each;
      this.#put(each, { kind: 'UNLOADED' });
      if (state.kind === 'READY') await this.#close(each, state.worker);
    }
  }

  async #saySkipped(model: string, wanted: boolean): Promise<void> {
    const { store, log } = this.#options;
    if (!wanted) return log.info({ model }, `skipped ${model}: it is not among the models to load`);
    for (const folder of await listStrangers(store, model))
      log.warn({ model, folder }, `skipped ${model}/${folder}: its name is no version`);
  }

  #loadVersions(model: string): Promise<HeldRelease[]> {
    return this.#inTurn(model, () => this.#loadVersionsNow(model));
  }

  async #loadVersionsNow(model: string): Promise<HeldRelease[]> {
    const { store, log } = this.#options;
    const loaded: HeldRelease[] = [];
    for (const version of await listVersions(store, model)) {
      if (await isComputedElsewhere(store, model, version))
        log.info({ model, version }, `passed over ${model} ${version}: another server computes it`);
      else loaded.push(await this.#loadOne(model, version));
    }
    return loaded;
  }

  async #loadOne(model: string, version: string): Promise<HeldRelease> {
    const known = this.#held.get(`${model}/${version}`);
    if (known?.state.kind === 'READY') return known;
    const held = this.#put(known ?? { handle: this.#held.size + 1, model, version, digest: '' }, {
      kind: 'LOADING',
    });
    const { log, createWorker } = this.#options;
    try {
      const { release, session, warmedUpWith } = await loadRelease(
        this.#options,
        held,
        held.digest || undefined,
      );
      this.#sessions.set(held.handle, session);
      log.info(
        { model, version, digest: release.digest, warmed_up_with: warmedUpWith },
        `loaded ${model} ${version}`,
      );
      return this.#put(
        { ...held, digest: release.digest },
        { kind: 'READY', release, worker: createWorker(release, session) },
      );
    } catch (error) {
      const reason = messageOf(error);
      log.error({ model, version, reason }, `refused ${model} ${version}: ${reason}`);
      return this.#put(held, { kind: 'UNAVAILABLE', reason });
    }
  }

  async #close(held: HeldRelease, worker: ReleaseWorker): Promise<void> {
    await worker.idle();
    await this.#sessions.get(held.handle)?.[Symbol.asyncDispose]();
    this.#sessions.delete(held.handle);
    this.#options.log.info(
      { model: held.model, version: held.version },
      `unloaded ${held.model} ${held.version}`,
    );
  }

  #put(held: Omit<HeldRelease, 'state'>, state: HeldState): HeldRelease {
    const next = { ...held, state };
    this.#held.set(`${held.model}/${held.version}`, next);
    this.#byHandle[held.handle - 1] = next;
    this.#changed();
    return next;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
