import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ReleaseName } from '@sluice/kernel/release/release';
import { beatMs, createSilence, isTooLong } from '../core/silence.ts';
import type { CellLink } from './cell-link.ts';
import { cellLost } from './cell-lost.ts';
import type { FromCell, MetricsJson } from './messages.ts';
import type { CellProcess, SpawnCell } from './spawn-cell.ts';

/** How the life of a cell ended. */
export interface CellEnd {
  /** `refused`: it cannot load its release; `asked`: we ended it. */
  readonly kind: 'crashed' | 'hung' | 'refused' | 'asked';
  /** Goes on behind "it" (`was killed by SIGSEGV`); of a refused one a sentence of its own. */
  readonly reason: string;
  readonly livedMs: number;
}

export interface CellListeners {
  /** It serves. */
  readonly up: () => void;
  /** Its state or what is to be announced of it. */
  readonly changed: () => void;
  /** It completed batches. */
  readonly completed: () => void;
  /** Once, and the last. */
  readonly ended: (end: CellEnd) => void;
}

export interface CellOptions {
  readonly release: ReleaseName;
  readonly maxComputeMs: number;
  /** Longest time from its start until it serves. */
  readonly loadMs: number;
  /** Longest time from being told to end until it has ended. */
  readonly endMs: number;
  readonly spawn: SpawnCell;
  readonly openLink: (port: number, lost: () => SluiceError) => CellLink;
  /** A clock in milliseconds. */
  readonly now: () => number;
  readonly on: CellListeners;
}

/** From the announcement of a hung cell to its end, so that gateways hear the reason first. */
const farewellMs = 50;

/** One life of a child process that holds a release alone. */
export class Cell {
  readonly release: ReleaseName;
  readonly #options: CellOptions;
  readonly #process: CellProcess;
  readonly #startedAt: number;
  readonly #looking: NodeJS.Timeout;
  #bound: NodeJS.Timeout;
  #silence = createSilence(0);
  #port: number | undefined;
  #link: CellLink | undefined;
  #silentMs = 0;
  #batches = 0;
  #metrics: MetricsJson = [];
  #metricsCame: (() => void) | undefined;
  #end: Omit<CellEnd, 'livedMs'> | undefined;

  constructor(options: CellOptions) {
    this.#options = options;
    this.release = options.release;
    this.#startedAt = options.now();
    this.#bound = setTimeout(() => {
      this.#refuse(`it did not load within ${options.loadMs} ms`);
      this.#process.kill('SIGKILL');
    }, options.loadMs);
    this.#looking = setInterval(() => this.#look(), beatMs);
    this.#process = options.spawn(options.release, {
      message: (message) => this.#take(message),
      ended: (how) => this.#ended(how),
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Where it serves, or drains; undefined: it is still loading. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Why it is about to be killed; empty: it is not. */
  get ending(): string {
    return this.#end?.kind === 'hung' ? `it ${this.#end.reason}` : '';
  }

  /** The way to it while it takes something new. */
  get link(): CellLink | undefined {
    return this.#end === undefined && this.#link?.open === true ? this.#link : undefined;
  }

  /** Whether it has been silent for so long that it computes. */
  get isComputing(): boolean {
    return this.#silentMs > beatMs;
  }

  /** Its metrics as it told them last. */
  get metrics(): MetricsJson {
    return this.#metrics;
  }

  /** Resolves when it has told its metrics; never, if it ends before. */
  askMetrics(): Promise<void> {
    this.#process.send({ kind: 'metrics' });
    return new Promise((resolve) => {
      this.#metricsCame = resolve;
    });
  }

  /** It takes nothing new, answers what it has and ends. */
  end(): void {
    if (this.#end !== undefined) return;
    this.#end = { kind: 'asked', reason: 'was told to end' };
    clearTimeout(this.#bound);
    this.#bound = setTimeout(() => this.#process.kill('SIGKILL'), this.#options.endMs);
    this.#process.kill('SIGTERM');
    this.#options.on.changed();
  }

  #take(message: FromCell): void {
    this.#silence.heard(this.#options.now());
    this.#silentMs = 0;
    if (message.kind === 'up') this.#up(message.port);
    else if (message.kind === 'refused') this.#refuse(message.reason);
    else if (message.kind === 'beat') this.#completed(message.batches);
    else {
      this.#metrics = message.metrics;
      this.#metricsCame?.();
    }
  }

  #up(port: number): void {
    this.#silence = createSilence(this.#options.now());
    this.#port = port;
    if (this.#end !== undefined) return;
    clearTimeout(this.#bound);
    this.#link = this.#options.openLink(port, () => cellLost(this.release, this.ending));
    this.#options.on.up();
  }

  #refuse(reason: string): void {
    this.#end ??= { kind: 'refused', reason };
  }

  #completed(batches: number): void {
    if (batches === this.#batches) return;
    this.#batches = batches;
    this.#options.on.completed();
  }

  /** Loading is not computing: until the cell serves, `loadMs` is its bound. */
  #look(): void {
    if (this.#port === undefined || this.ending !== '') return;
    const { maxComputeMs, on } = this.#options;
    this.#silentMs = this.#silence.look(this.#options.now());
    if (!isTooLong(this.#silentMs, maxComputeMs)) return;
    this.#end = { kind: 'hung', reason: `computed for longer than maxComputeMs (${maxComputeMs} ms)` };
    on.changed();
    setTimeout(() => this.#process.kill('SIGKILL'), farewellMs);
  }

  #ended(how: string): void {
    clearTimeout(this.#bound);
    clearInterval(this.#looking);
    this.#end ??= { kind: 'crashed', reason: how };
    this.#link?.close();
    this.#options.on.ended({ ...this.#end, livedMs: this.#options.now() - this.#startedAt });
  }
}
