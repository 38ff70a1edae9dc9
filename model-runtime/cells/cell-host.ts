import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Release } from '@sluice/kernel/release/release';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { Placement } from '../core/placement.ts';
import { Cell, type CellEnd, type CellListeners } from './cell.ts';
import type { CellLink } from './cell-link.ts';
import type { CellWorkerOptions } from './cell-worker.ts';
import type { MetricsJson } from './messages.ts';
import { ReleaseCells, type ReleaseCellsOptions } from './release-cells.ts';
import type { SpawnCell } from './spawn-cell.ts';

export interface CellHostOptions extends Pick<CellWorkerOptions, 'limits' | 'maxMessageBytes'> {
  readonly maxCells: number;
  readonly quarantineMs: number;
  readonly loadMs: number;
  readonly drainMs: number;
  readonly spawn: SpawnCell;
  readonly openLink: (port: number, lost: () => SluiceError) => CellLink;
  readonly log: Log;
  /** A cell has ended, and told its metrics last as they are here. */
  readonly ended: (release: Release, end: CellEnd, metrics: MetricsJson) => void;
}

/** What stopping may take a cell beyond draining. */
const marginMs = 1_000;

/** All cells of this runtime. */
export class CellHost implements AsyncDisposable {
  readonly #options: CellHostOptions;
  readonly #releases = new Set<ReleaseCells>();
  #closing = false;

  constructor(options: CellHostOptions) {
    this.#options = options;
  }

  /** By release. */
  all(): readonly ReleaseCells[] {
    return [...this.#releases];
  }

  /** Why so many more cells cannot be had; undefined: they can. */
  noRoom(instances: number): string | undefined {
    if (this.#closing) return 'the runtime is stopping';
    const { maxCells } = this.#options;
    const used = this.all().reduce((sum, each) => sum + each.instances, 0);
    if (used + instances <= maxCells) return undefined;
    return `no room for ${instances} more cells: ${used} of ${maxCells} (MAX_CELLS) are taken`;
  }

  /** Starts the cells of a release; there must be room. */
  start(
    release: Release,
    { instances, maxComputeMs }: Placement,
    on: Pick<ReleaseCellsOptions, 'changed' | 'completed'>,
  ): ReleaseCells {
    const { limits, maxMessageBytes, quarantineMs, log, ended } = this.#options;
    const cells = new ReleaseCells({
      release,
      instances,
      limits,
      maxMessageBytes,
      quarantineMs,
      log,
      startCell: (on) => this.#startCell(release, maxComputeMs, on),
      ...on,
      ended: (cell, end) => ended(release, end, cell.metrics),
    });
    this.#releases.add(cells);
    return cells;
  }

  /** Ends the cells of a release, when they have answered what they have. */
  async stop(cells: ReleaseCells): Promise<void> {
    await cells.end();
    this.#releases.delete(cells);
  }

  /** Every cell takes nothing new from now on, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await Promise.all(this.all().map((cells) => this.stop(cells)));
  }

  #startCell(release: Release, maxComputeMs: number, on: CellListeners): Cell {
    const { loadMs, drainMs, spawn, openLink } = this.#options;
    const now = () => performance.now();
    return new Cell({ release, maxComputeMs, loadMs, endMs: drainMs + marginMs, spawn, openLink, now, on });
  }
}
