import { setTimeout as pause } from 'node:timers/promises';
import type { Release } from '@sluice/kernel/release/release';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { CellHost } from '../cells/cell-host.ts';
import type { ReleaseCells } from '../cells/release-cells.ts';
import type { Placement } from '../core/placement.ts';
import { createSlowWatch } from '../core/slow-watch.ts';
import type { HeldRelease, HeldState } from './held-release.ts';
import type { HeldTable } from './held-table.ts';

export interface CelledOptions {
  readonly table: HeldTable;
  readonly host: CellHost;
  readonly thresholdMs: number;
  readonly log: Log;
  /** A release in cells completed batches. */
  readonly used: (handle: number) => void;
}

/** From the announcement of a first cell until its runtime stops taking: gateways open their links meanwhile. */
const acquaintMs = 500;

const heldStateOf = ({ state, release, worker }: ReleaseCells): HeldState =>
  state.kind === 'IN_CELL' ? { kind: 'IN_CELL', release, worker } : state;

/** Which releases are in cells, and which should be. */
export class Celled {
  readonly #options: CelledOptions;
  readonly #cells = new Map<number, ReleaseCells>();
  /** Slow ones without room, of which has been told. */
  readonly #stuck = new Set<string>();

  constructor(options: CelledOptions) {
    this.#options = options;
  }

  /**
   * Starts the cells of a release; it is LOADING until the first one is up.
   * @throws Error when there is no room.
   */
  enter(held: HeldRelease, release: Release, placement: Placement): HeldRelease {
    const why = this.#options.host.noRoom(placement.instances);
    if (why !== undefined) throw new Error(why);
    const cells = this.#start(held.handle, release, placement);
    this.#cells.set(held.handle, cells);
    return held;
  }

  /** The same for one that is served here: false if that did not help, and it has to stay. */
  async move(held: HeldRelease, release: Release, placement: Placement): Promise<boolean> {
    const { host, log } = this.#options;
    const { model, version } = release;
    const cells = this.#start(held.handle, release, placement);
    await cells.settled();
    if (cells.state.kind === 'IN_CELL') await pause(acquaintMs);
    if (cells.state.kind === 'IN_CELL') {
      this.#cells.set(held.handle, cells);
      this.#changed(held.handle, cells);
      return true;
    }
    this.#stuck.add(`${model}/${version}`);
    log.error(
      { model, version, ...cells.state },
      `${model} ${version} stays here: its cells do not serve it`,
    );
    await host.stop(cells);
    return false;
  }

  /** Whether a release that takes so long belongs into cells, and they can be had. */
  takesSlow({ model, version }: Release, { instances }: Placement, ms: number): boolean {
    const { host, thresholdMs, log } = this.#options;
    if (ms <= thresholdMs) return false;
    const fields = { model, version, compute_ms: Number(ms.toFixed(3)), threshold_ms: thresholdMs };
    const why = host.noRoom(instances);
    if (why === undefined) {
      log.info(fields, `${model} ${version} is slow: it goes into a cell`);
      return true;
    }
    this.#stuck.add(`${model}/${version}`);
    log.warn({ ...fields, reason: why }, `${model} ${version} is slow, and stays here: ${why}`);
    return false;
  }

  /** Takes the times of a release's batches; moves it once it is slow, unless it has to stay anyway. */
  watch({ model, version }: Release, move: (medianMs: number) => Promise<void>): (computeMs: number) => void {
    let moving = false;
    return createSlowWatch(this.#options.thresholdMs, (medianMs) => {
      if (moving || this.#stuck.has(`${model}/${version}`)) return;
      moving = true;
      move(medianMs).catch((err) => this.#options.log.error({ model, version, err }, 'moving failed'));
    });
  }

  /** Resolves when it is known whether the cells of a release serve it. */
  settled(handle: number): Promise<void> | undefined {
    return this.#cells.get(handle)?.settled();
  }

  /** Cells of a release; 0: it is not in cells. */
  instances(handle: number): number {
    return this.#cells.get(handle)?.instances ?? 0;
  }

  /** Whether somebody waits for an answer of its cells. */
  isBusy(handle: number): boolean {
    return this.#cells.get(handle)?.isBusy ?? false;
  }

  /** Ends the quarantine of a release, if it is in one; false: it has no cells. */
  retry(handle: number): boolean {
    this.#cells.get(handle)?.retry();
    return this.#cells.has(handle);
  }

  /** Ends the cells of a release, if it has some, when they have answered what they have. */
  async leave({ handle, model, version }: HeldRelease): Promise<void> {
    const cells = this.#cells.get(handle);
    this.#cells.delete(handle);
    this.#stuck.delete(`${model}/${version}`);
    if (cells !== undefined) await this.#options.host.stop(cells);
  }

  #start(handle: number, release: Release, placement: Placement): ReleaseCells {
    const { host } = this.#options;
    const cells: ReleaseCells = host.start(release, placement, {
      changed: () => this.#changed(handle, cells),
      completed: () => this.#options.used(handle),
    });
    return cells;
  }

  #changed(handle: number, cells: ReleaseCells): void {
    const { table, log, host } = this.#options;
    const held = table.byHandle(handle);
    if (held === undefined || this.#cells.get(handle) !== cells) {
      // Not (yet, or any more) where the release is served, but its cells are announced.
      table.changed();
      return;
    }
    const { model, version, digest } = cells.release;
    const state = heldStateOf(cells);
    if (state.kind === 'IN_CELL' && held.state.kind !== 'IN_CELL')
      log.info({ model, version, digest }, `loaded ${model} ${version} in a cell`);
    if (state.kind === 'UNAVAILABLE') {
      this.#cells.delete(handle);
      void host.stop(cells);
    }
    table.put(state.kind === 'IN_CELL' ? { ...held, digest } : held, state);
  }
}
