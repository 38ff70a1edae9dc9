import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Release } from '@sluice/kernel/release/release';
import type { Log } from '@sluice/kernel/telemetry/log';
import { afterBatch, afterEnd, type CellRecord, cleanRecord } from '../core/cell-record.ts';
import type { ReleaseWorker } from '../core/release-worker.ts';
import type { Cell, CellEnd, CellListeners } from './cell.ts';
import { type CellWorkerOptions, createCellWorker } from './cell-worker.ts';

/** How a release stands in its cells. */
export type CellsState =
  | { readonly kind: 'LOADING'; readonly reason: string }
  | { readonly kind: 'IN_CELL' }
  | { readonly kind: 'QUARANTINED'; readonly reason: string }
  | { readonly kind: 'UNAVAILABLE'; readonly reason: string };

export interface ReleaseCellsOptions extends Pick<CellWorkerOptions, 'limits' | 'maxMessageBytes'> {
  readonly release: Release;
  readonly instances: number;
  readonly quarantineMs: number;
  readonly startCell: (on: CellListeners) => Cell;
  readonly log: Log;
  /** The state, or what is to be announced of a cell. */
  readonly changed: () => void;
  /** One of them completed batches. */
  readonly completed: () => void;
  /** A cell has ended, in whichever way. */
  readonly ended: (cell: Cell, end: CellEnd) => void;
}

/** The cells of one release: kept alive, unless they end again and again. */
export class ReleaseCells {
  readonly release: Release;
  readonly instances: number;
  /** For jobs that came to the runtime itself. */
  readonly worker: ReleaseWorker;
  readonly #options: ReleaseCellsOptions;
  readonly #cells = new Set<Cell>();
  /** Told to end when the release went into quarantine: whatever becomes of them, they are not replaced. */
  readonly #retired = new WeakSet<Cell>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #record: CellRecord = cleanRecord;
  #down: Extract<CellsState, { reason: string }> = { kind: 'LOADING', reason: '' };
  #closing = false;
  #settled = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();

  constructor(options: ReleaseCellsOptions) {
    this.#options = options;
    this.release = options.release;
    this.instances = options.instances;
    this.worker = createCellWorker({
      limits: options.limits,
      maxMessageBytes: options.maxMessageBytes,
      links: () => this.cells.flatMap(({ link }) => link ?? []),
      unavailable: () => this.#unavailable(),
    });
    this.#startAll();
  }

  /** Those that live, loading and ending ones too. */
  get cells(): readonly Cell[] {
    return [...this.#cells];
  }

  /** Whether somebody waits for an answer, as far as can be seen from here. */
  get isBusy(): boolean {
    return !this.worker.isIdle || this.cells.some(({ isComputing }) => isComputing);
  }

  get state(): CellsState {
    if (this.cells.some(({ link }) => link !== undefined)) return { kind: 'IN_CELL' };
    const hung = this.cells.find(({ ending }) => ending !== '');
    return this.#down.kind === 'LOADING' && hung ? { kind: 'LOADING', reason: hung.ending } : this.#down;
  }

  /** Resolves when it is known whether the release can be served. */
  settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Ends a quarantine, by hand. */
  retry(): void {
    if (this.#down.kind !== 'QUARANTINED' || this.#closing) return;
    this.#record = cleanRecord;
    this.#leaveQuarantine();
  }

  /** Ends every cell, when it has answered what it has. */
  end(): Promise<void> {
    this.#closing = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const cell of this.#cells) cell.end();
    this.#settled.resolve();
    if (this.#cells.size === 0) this.#gone.resolve();
    return this.#gone.promise;
  }

  #later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #startAll(): void {
    for (let index = 0; index < this.instances; index += 1) this.#startOne();
  }

  #startOne(): void {
    const cell: Cell = this.#options.startCell({
      up: () => this.#up(cell),
      changed: () => this.#changed(),
      completed: () => {
        this.#record = afterBatch(this.#record);
        this.#options.completed();
      },
      ended: (end) => this.#ended(cell, end),
    });
    this.#cells.add(cell);
  }

  #up({ pid, port }: Cell): void {
    const { log, release } = this.#options;
    const { model, version } = release;
    log.info({ model, version, cell: pid, port }, `a cell of ${model} ${version} serves`);
    this.#changed();
  }

  #ended(cell: Cell, end: CellEnd): void {
    this.#cells.delete(cell);
    this.#options.ended(cell, end);
    if (this.#closing) {
      if (this.#cells.size === 0) this.#gone.resolve();
    } else if (!this.#retired.has(cell)) {
      if (end.kind === 'refused') this.#refused(end);
      else this.#replace(end);
    }
    this.#changed();
  }

  /** What one of them cannot load, the others did: they stay. */
  #refused({ reason }: CellEnd): void {
    const { log, release } = this.#options;
    const { model, version } = release;
    log.error({ model, version, reason }, `a cell of ${model} ${version} cannot be had: ${reason}`);
    if (this.#cells.size === 0 && this.#timers.size === 0) this.#down = { kind: 'UNAVAILABLE', reason };
  }

  #replace({ kind, reason, livedMs }: CellEnd): void {
    const { log, release } = this.#options;
    const { model, version } = release;
    const { record, afterMs } = afterEnd(this.#record, livedMs);
    this.#record = record;
    log.error({ model, version, reason }, `a cell of ${model} ${version} ${kind}: it ${reason}`);
    if (afterMs === undefined) {
      this.#quarantine(reason);
      return;
    }
    this.#down = { kind: 'LOADING', reason: `its cell is started anew: it ${reason}` };
    this.#later(afterMs, () => this.#startOne());
  }

  #quarantine(last: string): void {
    const { log, quarantineMs, release } = this.#options;
    const { model, version } = release;
    const reason = `in quarantine for ${quarantineMs} ms: its cells ended twice without a batch between, the last one ${last}`;
    log.error({ model, version, reason }, `${model} ${version} is in quarantine`);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const cell of this.#cells) {
      this.#retired.add(cell);
      cell.end();
    }
    this.#down = { kind: 'QUARANTINED', reason };
    this.#later(quarantineMs, () => this.#leaveQuarantine());
  }

  #leaveQuarantine(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#settled = Promise.withResolvers();
    this.#down = { kind: 'LOADING', reason: this.#down.reason };
    this.#startAll();
    this.#changed();
  }

  #changed(): void {
    if (this.state.kind !== 'LOADING') this.#settled.resolve();
    this.#options.changed();
  }

  #unavailable(): SluiceError {
    const { model, version } = this.release;
    if (this.#closing) return new SluiceError('DRAINING', `the cells of ${model} ${version} are stopping`);
    const { kind, reason } = this.#down;
    const code = kind === 'QUARANTINED' ? 'RELEASE_QUARANTINED' : 'RELEASE_UNAVAILABLE';
    return new SluiceError(code, `${model} ${version} is not available: ${reason || 'its cell is loading'}`);
  }
}
