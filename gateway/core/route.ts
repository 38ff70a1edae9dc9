import type { ReleaseName } from '@sluice/kernel/release/release';
import { serves } from './release-state.ts';
import type { Runtime } from './runtime.ts';
import type { Standing } from './standing.ts';

/** What a request costs beside its computing: the link, the queue, its batch. Microseconds. */
const baseUs = 50;
/** How much one answer moves the measured cost. */
const smoothing = 1 / 16;

/** One runtime that serves one release. */
export interface Candidate {
  readonly runtime: Runtime;
  readonly standing: Standing;
  readonly handle: number;
  readonly route: Route;
}

const soonest = (times: readonly number[]): number => Math.min(Number.POSITIVE_INFINITY, ...times);

/** What the dispatcher has learned of a release, and who serves it. */
export class Route {
  /** The mean cost of a request, in microseconds: exponentially weighted, the newest weighs most. */
  costUs = baseUs;
  #isMeasured = false;
  candidates: readonly Candidate[] = [];
  /** Those candidates that are not ejected, or all when all are. */
  eligible: readonly Candidate[] = [];
  /** Until when `eligible` holds, in milliseconds of performance.now(). */
  validUntil = Number.NEGATIVE_INFINITY;
  /** State of the balancer that `candidates` were made of. */
  generation = -1;

  /** An answer came: a batch of so many took so long. */
  measured(computeInferUs: number, batchSize: number): void {
    const sampleUs = baseUs + computeInferUs / Math.max(1, batchSize);
    this.costUs += (sampleUs - this.costUs) * (this.#isMeasured ? smoothing : 1);
    this.#isMeasured = true;
  }

  /** Finds the candidates among runtimes of which something has changed. */
  lead(
    release: ReleaseName,
    runtimes: ReadonlyMap<Runtime, Standing>,
    generation: number,
    now: number,
  ): void {
    const candidates: Candidate[] = [];
    for (const [runtime, standing] of runtimes) {
      const held = runtime.available ? runtime.held(release) : undefined;
      if (serves(held, release.digest))
        candidates.push({ runtime, standing, route: this, handle: held.handle });
    }
    this.candidates = candidates;
    this.generation = generation;
    this.sift(now);
  }

  /** Sets those aside that are ejected. */
  sift(now: number): void {
    const ejected = this.candidates.filter(({ standing }) => standing.isEjected(now));
    const good = this.candidates.filter((candidate) => !ejected.includes(candidate));
    this.eligible = good.length > 0 ? good : this.candidates;
    this.validUntil = soonest(ejected.map(({ standing }) => standing.ejectedUntil));
  }
}
