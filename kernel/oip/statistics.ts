import type { ReleaseName } from '../release/release.ts';

/** A count with the time that it took in all. */
export interface Duration {
  count: number;
  ns: number;
}

/** Times of one answered request, in microseconds. */
export interface InferTimings {
  readonly queueUs: number;
  readonly computeInputUs: number;
  readonly computeInferUs: number;
  readonly computeOutputUs: number;
  /** Requests that were computed together. */
  readonly batchSize: number;
  /** True for one request of each batch. */
  readonly leadsBatch: boolean;
}

export interface ReleaseStatistics {
  readonly model: string;
  readonly version: string;
  lastInferenceMs: number;
  /** Rows. */
  inferenceCount: number;
  /** Batches. */
  executionCount: number;
  pending: number;
  readonly success: Duration;
  readonly fail: Duration;
  readonly queue: Duration;
  readonly computeInput: Duration;
  readonly computeInfer: Duration;
  readonly computeOutput: Duration;
  /** Failures by reason, in Triton's words. */
  readonly failures: Map<string, number>;
}

const duration = (): Duration => ({ count: 0, ns: 0 });

const emptyStatistics = ({ model, version }: Pick<ReleaseName, 'model' | 'version'>): ReleaseStatistics => ({
  model,
  version,
  lastInferenceMs: 0,
  inferenceCount: 0,
  executionCount: 0,
  pending: 0,
  success: duration(),
  fail: duration(),
  queue: duration(),
  computeInput: duration(),
  computeInfer: duration(),
  computeOutput: duration(),
  failures: new Map(),
});

const add = (to: Duration, us: number): void => {
  to.count += 1;
  to.ns += us * 1000;
};

/** Counts per release since the process started; ModelStatistics and the nv_ metrics both read them. */
export class Statistics {
  readonly #byRelease = new Map<string, ReleaseStatistics>();

  of(release: Pick<ReleaseName, 'model' | 'version'>): ReleaseStatistics {
    const key = `${release.model}/${release.version}`;
    const known = this.#byRelease.get(key);
    if (known !== undefined) return known;
    const fresh = emptyStatistics(release);
    this.#byRelease.set(key, fresh);
    return fresh;
  }

  all(): ReleaseStatistics[] {
    return [...this.#byRelease.values()];
  }
}

/** Counts an answered request of that many rows, which took `totalUs` as a whole. */
export const countSuccess = (
  to: ReleaseStatistics,
  rows: number,
  totalUs: number,
  timings: InferTimings,
): void => {
  to.lastInferenceMs = Date.now();
  to.inferenceCount += rows;
  if (timings.leadsBatch) to.executionCount += 1;
  add(to.success, totalUs);
  add(to.queue, timings.queueUs);
  add(to.computeInput, timings.computeInputUs);
  add(to.computeInfer, timings.computeInferUs);
  add(to.computeOutput, timings.computeOutputUs);
};

export const countFailure = (to: ReleaseStatistics, reason: string, totalUs: number): void => {
  add(to.fail, totalUs);
  to.failures.set(reason, (to.failures.get(reason) ?? 0) + 1);
};
