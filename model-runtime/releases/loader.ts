import { messageOf } from '@sluice/kernel/errors/message-of';
import type { Release } from '@sluice/kernel/release/release';
import { isStoreUnavailable } from '@sluice/kernel/store/unavailable';
import { loadedBytes } from '../core/loading/loaded-bytes.ts';
import type { Size } from '../core/loading/make-room.ts';
import { RetryTimes } from '../core/loading/retry-times.ts';
import { type Placement, placementOf } from '../core/placement.ts';
import type { Celled } from './celled.ts';
import { type HeldRelease, reasonOf } from './held-release.ts';
import type { HeldTable } from './held-table.ts';
import { bytesOfFiles, type LoadOptions, openRelease, readExpected } from './load-release.ts';
import { NoRoom, Room } from './room.ts';
import { Shared, type SharedOptions } from './shared.ts';
import { Turns } from './turns.ts';

/** Why a release is loaded. */
export type LoadCause = 'eager' | 'demand' | 'hand';
/** Why a loaded one leaves. */
export type UnloadCause = 'room' | 'hand';

export interface LoaderOptions extends LoadOptions, Omit<SharedOptions, 'table'> {
  readonly table: HeldTable;
  readonly maxComputeMs: number;
  readonly limits: Size;
  /** Whether a release is not to be unloaded for another one. */
  readonly stays: (handle: number) => boolean;
  /** Makes the place for slow and suspect releases; not given: everything is held here. */
  readonly createCelled?: (table: HeldTable, used: (handle: number) => void) => Celled;
  readonly on: LoadEvents;
}

export interface LoadEvents {
  readonly loaded: (cause: LoadCause, ok: boolean, ms: number) => void;
  readonly unloaded: (cause: UnloadCause) => void;
}

/** A load under way. */
export interface Loading {
  /** It is open here, its cells are starting, or it failed. */
  readonly begun: Promise<void>;
  /** It is served, or known not to be. */
  readonly done: Promise<HeldRelease>;
}

/** Loads single releases, here or into cells, and lets them go. */
export class Loader {
  readonly room: Room;
  readonly #options: LoaderOptions;
  readonly #table: HeldTable;
  readonly #celled: Celled | undefined;
  readonly #shared: Shared;
  /** By handle. */
  readonly #turns = new Turns();
  readonly #loading = new Map<number, Loading>();
  readonly #retries = new RetryTimes();

  constructor(options: LoaderOptions) {
    const { table, limits, stays } = options;
    this.#options = options;
    this.#table = table;
    this.#shared = new Shared(options);
    this.room = new Room({
      table,
      limits,
      stays,
      isBusy: (held) => this.#isBusy(held),
      unload: (held) => this.unload(held, 'room'),
    });
    this.#celled = options.createCelled?.(table, (handle) => this.room.used(handle));
  }

  /** The load of a release that is under way. */
  loading(handle: number): Loading | undefined {
    return this.#loading.get(handle);
  }

  /** Whether it is worth while to try again what failed. */
  isDue(handle: number): boolean {
    return this.#retries.isDue(handle, performance.now());
  }

  /** Loads a release, unless it is; many who ask share one load. */
  load(handle: number, cause: LoadCause): Loading {
    const under = this.#loading.get(handle) ?? this.#start(handle, cause);
    this.#loading.set(handle, under);
    return under;
  }

  /** Stops serving a release; what is queued is computed first. */
  unload({ handle }: HeldRelease, cause: UnloadCause): Promise<void> {
    return this.#turns.take(`${handle}`, async () => {
      const held = this.#table.byHandle(handle);
      if (held === undefined) return;
      const { model, version, state } = held;
      const isHere = state.kind !== 'UNLOADED' && state.kind !== 'ON_DEMAND';
      if (isHere || cause === 'hand')
        this.#table.put(held, { kind: cause === 'hand' ? 'UNLOADED' : 'ON_DEMAND' });
      if (!isHere) return;
      await this.#shared.leave(held);
      await this.#celled?.leave(held);
      this.room.free(handle);
      this.#options.on.unloaded(cause);
      this.#options.log.info({ model, version, cause }, `unloaded ${model} ${version}`);
    });
  }

  /** Closes what is open here. */
  async close(): Promise<void> {
    for (const held of this.#table.all()) await this.#shared.leave(held);
  }

  #start(handle: number, cause: LoadCause): Loading {
    const startedAt = performance.now();
    const begun = this.#turns.take(`${handle}`, () => this.#begin(handle));
    const done = begun.then(async (wasLoaded) => {
      await this.#celled?.settled(handle);
      this.#loading.delete(handle);
      const held = this.#known(handle);
      const ok = held.state.kind === 'READY' || held.state.kind === 'IN_CELL';
      if (ok) this.#retries.succeeded(handle);
      else this.#retries.failed(handle, performance.now());
      if (!wasLoaded) this.#options.on.loaded(cause, ok, performance.now() - startedAt);
      return held;
    });
    return { begun: begun.then(() => undefined), done };
  }

  /** Opens what is held here, or starts its cells; true: it was loaded before. */
  async #begin(handle: number): Promise<boolean> {
    const known = this.#known(handle);
    const { state } = known;
    if (state.kind === 'READY' || state.kind === 'IN_CELL' || this.#celled?.retry(handle) === true)
      return true;
    const held = this.#table.put(known, { kind: 'LOADING' });
    let release: Release | undefined;
    try {
      release = await readExpected(this.#options.store, held);
      await this.#place(held, release);
    } catch (error) {
      this.room.free(handle);
      this.#failed(held, error, { before: reasonOf(known), digest: release?.digest });
    }
    return false;
  }

  /** What fails again as it did before is no news. */
  #failed(
    held: HeldRelease,
    error: unknown,
    { before, digest }: { readonly before: string; readonly digest: string | undefined },
  ): void {
    const reason = messageOf(error);
    const { model, version } = held;
    const isPassing = error instanceof NoRoom || isStoreUnavailable(error);
    const level = isPassing ? 'warn' : 'error';
    this.#options.log[reason === before ? 'debug' : level](
      { model, version, reason },
      `refused ${model} ${version}: ${reason}`,
    );
    const why = { reason, ...(digest === undefined ? {} : { digest }) };
    this.#table.put(held, isPassing ? { kind: 'ON_DEMAND', reason } : { kind: 'UNAVAILABLE', ...why });
  }

  async #place(held: HeldRelease, release: Release): Promise<void> {
    const placement = placementOf(release.manifest, this.#options);
    await this.room.take(held.handle, await this.#sizeOf(release, placement));
    const [shared, celled] = [this.#shared, this.#celled];
    if (celled !== undefined && placement.isolation === 'cell')
      return void celled.enter(held, release, placement);
    const opened = await openRelease(this.#options, release);
    const used = (): void => this.room.used(held.handle);
    if (celled === undefined || placement.isolation === 'shared')
      return void shared.enter(held, release, opened, used);
    if (celled.takesSlow(release, placement, opened.warmUp.leastMs)) {
      await opened.session[Symbol.asyncDispose]();
      celled.enter(held, release, placement);
      return this.room.moved(held.handle, placement.instances);
    }
    const watch = celled.watch(release, (medianMs) => this.#move(held.handle, medianMs));
    shared.enter(held, release, opened, (ms) => {
      used();
      watch(ms);
    });
  }

  async #sizeOf(release: Release, { isolation, instances }: Placement): Promise<Size> {
    const bytes = loadedBytes(await bytesOfFiles(this.#options.store, release), instances);
    return { bytes, cells: this.#celled !== undefined && isolation === 'cell' ? instances : 0 };
  }

  #known(handle: number): HeldRelease {
    const held = this.#table.byHandle(handle);
    if (held === undefined) throw new Error(`there is no release with the handle ${handle}`);
    return held;
  }

  #isBusy({ handle, state }: HeldRelease): boolean {
    if (state.kind === 'READY') return !state.worker.isIdle;
    return this.#celled?.isBusy(handle) ?? false;
  }

  /** A release that turned out to be slow goes into cells; it is served all the while. */
  #move(handle: number, medianMs: number): Promise<void> {
    return this.#turns.take(`${handle}`, async () => {
      const held = this.#known(handle);
      if (held.state.kind !== 'READY') return;
      const { release } = held.state;
      const placement = placementOf(release.manifest, this.#options);
      if (!this.#celled?.takesSlow(release, placement, medianMs)) return;
      // What its queue holds is still computed here.
      if (!(await this.#celled.move(held, release, placement))) return;
      this.room.moved(handle, placement.instances);
      await this.#shared.leave(held);
    });
  }
}
