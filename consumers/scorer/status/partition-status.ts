import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Verdict } from '@sluice/kernel/link/verdict';
import type { StreamPartition } from '@sluice/protos/gen/sluice/v1/StreamPartition';
import type { StreamMetrics } from '../../telemetry/stream-metrics.ts';
import { type Outcome, outcomes } from '../partition/slot.ts';
import type { Window, WrittenGroup } from '../partition/window.ts';
import { Rate } from './rate.ts';

export interface PartitionStatusOptions {
  readonly topic: string;
  readonly partition: number;
  /** What is read next: all below it was read, or is no message. */
  readonly position: () => bigint;
  /** What is read first. */
  readonly start: bigint;
  readonly window: Window;
  readonly metrics: StreamMetrics;
  /** Told of what goes wrong, often. */
  readonly onError: (error: SluiceError) => void;
}

export const timeText = (ms: number | undefined): string =>
  ms === undefined ? '' : new Date(ms).toISOString();

/** How the work on one partition stands. */
export class PartitionStatus {
  readonly topic: string;
  readonly partition: number;
  readonly window: Window;
  readonly counts: Record<Outcome, number> = {
    scored: 0,
    refused: 0,
    filtered: 0,
    unchanged: 0,
    'dead-lettered': 0,
  };
  next: bigint;
  /** Of the partition, as it was when it was asked last. */
  end: bigint | undefined;
  /** Of performance.now(): when something was committed last, or the work began. */
  committedAt = performance.now();
  lastError: { readonly message: string; readonly atMs: number } | undefined;
  #options: PartitionStatusOptions;
  #attempts = 0;
  #unscored: SluiceError | undefined;
  #isBlocked = false;
  #unwritten: SluiceError | undefined;
  #lastEventMs: number | undefined;
  #rate = new Rate();

  constructor(options: PartitionStatusOptions) {
    this.#options = options;
    this.topic = options.topic;
    this.partition = options.partition;
    this.window = options.window;
    this.next = options.start;
  }

  /** Why nothing goes on; undefined: it does. */
  get waits(): SluiceError | undefined {
    return this.#unwritten ?? this.#unscored;
  }

  /** Whether it waits for somebody who changes the stream or its model. */
  get isBlocked(): boolean {
    return this.#isBlocked && this.#unscored !== undefined;
  }

  get lag(): number {
    if (this.end === undefined || this.end <= this.next) return 0;
    const isDone = this.window.count === 0 && this.#options.position() >= this.end;
    return isDone ? 0 : Number(this.end - this.next);
  }

  /** An event became a dead letter. */
  failed(error: SluiceError): void {
    this.#options.metrics.deadLetter(error.code);
    this.#note(error);
  }

  /** An attempt failed and is repeated. */
  retries(error: SluiceError, verdict: Verdict): void {
    this.#attempts += 1;
    this.#options.metrics.retried(error.code);
    this.#note(error);
    if (verdict === 'limited') return;
    this.#unscored = error;
    this.#isBlocked = verdict === 'stream';
  }

  /** An event was scored. */
  answered(): void {
    this.#unscored = undefined;
  }

  /** What is finished cannot be written for now. */
  waitsFor(error: SluiceError): void {
    this.#unwritten = error;
    this.#note(error);
  }

  committed({ next, timestampMs, startedAt, events }: WrittenGroup): void {
    const { metrics } = this.#options;
    const at = performance.now();
    const before = { ...this.counts };
    for (const { outcome, readAt } of events) {
      if (outcome === undefined) continue;
      this.counts[outcome] += 1;
      metrics.event((at - readAt) / 1_000);
    }
    for (const outcome of outcomes) metrics.finished(outcome, this.counts[outcome] - before[outcome]);
    this.next = next;
    this.#lastEventMs = timestampMs;
    this.committedAt = at;
    this.#unwritten = undefined;
    metrics.committed((at - startedAt) / 1_000);
  }

  /** Age of the oldest event that is not finished; of the newest one that is, where none is read. */
  lagSeconds(nowMs: number): number {
    const oldest = this.window.oldest?.received.timestampMs;
    if (oldest === undefined && this.lag === 0) return 0;
    return Math.max(0, (nowMs - (oldest ?? this.#lastEventMs ?? nowMs)) / 1_000);
  }

  /** @param scorer the id of this scorer */
  share(scorer: string, nowMs: number): StreamPartition {
    const { counts, lastError, end, next } = this;
    const finished = Object.values(counts).reduce((sum, each) => sum + each, 0);
    return {
      topic: this.topic,
      partition: this.partition,
      scorer,
      committed: String(next),
      end: String(end === undefined || end < next ? next : end),
      lagMessages: this.lag,
      lagSeconds: this.lagSeconds(nowMs),
      rate: this.#rate.look(performance.now(), finished),
      inWindow: this.window.count,
      maxWindow: this.window.limits.maxEvents,
      scored: counts.scored,
      refused: counts.refused,
      filtered: counts.filtered,
      unchanged: counts.unchanged,
      deadLetters: counts['dead-lettered'],
      retries: this.#attempts,
      lastError: lastError?.message ?? '',
      lastErrorTime: timeText(lastError?.atMs),
    };
  }

  #note(error: SluiceError): void {
    this.lastError = { message: `${error.code}: ${error.message}`, atMs: Date.now() };
    this.#options.onError(error);
  }
}
