import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { AssignedPartition } from '@sluice/kernel/event-log/event-log';
import type { StreamShare } from '@sluice/protos/gen/sluice/v1/StreamShare';
import { type PartitionStatus, timeText } from './partition-status.ts';

/** As in sluice.v1.StreamShare. */
export type StreamState = 'STARTING' | 'RUNNING' | 'WAITING' | 'FINISHED';

export interface StreamStatusOptions {
  readonly name: string;
  /** Why the stream's consumer does not run; undefined: it does. */
  readonly notRunning: () => string | undefined;
  /** How long nothing may be committed although there is something to do. */
  readonly stallMs: number;
}

/** How one stream stands in this scorer. */
export class StreamStatus {
  readonly name: string;
  readonly partitions = new Set<PartitionStatus>();
  /** A replay has come to its end. */
  isFinished = false;
  #options: StreamStatusOptions;
  /** By partition: why the work on it cannot begin. */
  #unopened = new Map<string, SluiceError>();
  #lastError: { readonly message: string; readonly atMs: number } | undefined;

  constructor(options: StreamStatusOptions) {
    this.#options = options;
    this.name = options.name;
  }

  failed({ code, message }: SluiceError): void {
    this.#lastError = { message: `${code}: ${message}`, atMs: Date.now() };
  }

  /** Opens what the work on a partition needs; why it cannot is said until it can, or the partition is taken away. */
  async opening<T>({ topic, partition, signal }: AssignedPartition, open: () => Promise<T>): Promise<T> {
    const place = `${topic}/${partition}`;
    const forget = (): void => void this.#unopened.delete(place);
    signal.addEventListener('abort', forget, { once: true });
    try {
      const opened = await open();
      forget();
      return opened;
    } catch (error) {
      if (!signal.aborted) this.#unopened.set(place, fromUnknown(error));
      throw error;
    }
  }

  /** Why it waits; undefined: it goes on. */
  get waitsFor(): string | undefined {
    const why = this.#options.notRunning();
    if (why !== undefined) return why;
    const reasons = [...this.#unopened.values(), ...[...this.partitions].map(({ waits }) => waits)];
    const first = reasons.find((each) => each !== undefined);
    if (first !== undefined) return `${first.code}: ${first.message}`;
    return this.partitions.size === 0
      ? 'another scorer has all partitions, or they are being dealt'
      : undefined;
  }

  get state(): StreamState {
    if (this.isFinished) return 'FINISHED';
    if (this.#options.notRunning() === 'starting') return 'STARTING';
    return this.waitsFor === undefined ? 'RUNNING' : 'WAITING';
  }

  /**
   * Where commits do not progress although there is something to do; undefined: nowhere. What waits for somebody who
   * changes the stream or its model is no reason: no other scorer could do more.
   */
  stall(now: number): string | undefined {
    for (const each of this.partitions) {
      const idleMs = now - each.committedAt;
      const hasWork = each.window.count > 0 || each.lag > 0;
      if (!hasWork || each.isBlocked || idleMs < this.#options.stallMs) continue;
      const place = `${each.topic}/${each.partition}`;
      return `${this.name}: nothing of ${place} was committed for ${Math.round(idleMs / 1_000)} s`;
    }
    return undefined;
  }

  share(scorer: string, nowMs: number): StreamShare {
    const { state, waitsFor } = this;
    const own = [...this.partitions].sort(
      (a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition,
    );
    const newest = [this.#lastError, ...own.map(({ lastError }) => lastError)]
      .filter((each) => each !== undefined)
      .reduce((best, each) => (best === undefined || each.atMs > best.atMs ? each : best), this.#lastError);
    return {
      name: this.name,
      state,
      lastError: (state === 'WAITING' ? waitsFor : undefined) ?? newest?.message ?? '',
      lastErrorTime: timeText(newest?.atMs),
      partitions: own.map((each) => each.share(scorer, nowMs)),
    };
  }
}
