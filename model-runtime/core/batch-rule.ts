import type { Release } from '@sluice/kernel/release/release';
import { maxArenaBytes } from './arena.ts';
import type { Job } from './job.ts';
import type { Lane } from './lane.ts';

/** How a release's jobs are gathered into batches. */
export interface BatchRule {
  /** Rows that are gathered into one batch; 1: the release has no batch axis. A job with more is computed alone. */
  readonly maxRows: number;
  /** Input bytes that are gathered; a job with more is computed alone. */
  readonly maxBytes: number;
  /** Rising, at most `maxRows`: a batch is the largest of these that can be filled, as soon as one can; else all. */
  readonly preferredRows: readonly number[];
  /** Longest wait of a job for others; 0: what is queued is computed as soon as the session is free. */
  readonly maxDelayMs: number;
}

/** A batch of several takes no more memory than is kept for them. */
export const ruleOf = ({ batching }: Release): BatchRule => ({
  maxRows: batching.maxSize,
  maxBytes: maxArenaBytes,
  preferredRows: batching.preferredSizes,
  maxDelayMs: batching.maxDelayMs,
});

/** By how much a batch is computed sooner than the deadline needs: timers are about this coarse. */
const spareMs = 1;

/** How many rows the next batch may have. */
const rowsToTake = (rows: number, { preferredRows, maxRows }: BatchRule): number =>
  preferredRows.findLast((preferred) => preferred <= rows) ?? maxRows;

const isFilled = (lane: Lane, { maxRows, preferredRows }: BatchRule): boolean =>
  lane.rows >= (preferredRows[0] ?? maxRows) || lane.size >= maxRows;

/**
 * When the lane's next batch is to be computed at the latest; -Infinity: now, Infinity: it is empty.
 * @param computeMs longest that a batch may take; undefined: not known, so that waiting could make a job late.
 */
export const dueAt = (lane: Lane, rule: BatchRule, computeMs: number | undefined): number => {
  if (lane.size === 0) return Number.POSITIVE_INFINITY;
  if (rule.maxDelayMs === 0 || computeMs === undefined || isFilled(lane, rule))
    return Number.NEGATIVE_INFINITY;
  return Math.min(lane.oldestArrival() + rule.maxDelayMs, lane.earliestDeadline - computeMs - spareMs);
};

/** Takes the next batch out of a lane: in order, as many as fit; the first always does. */
export const takeFrom = (lane: Lane, rule: BatchRule): Job[] => {
  const maxRows = rowsToTake(lane.rows, rule);
  const batch: Job[] = [];
  let [rows, bytes] = [0, 0];
  for (let job = lane.first; job !== undefined && batch.length < rule.maxRows; job = lane.first) {
    rows += job.rows;
    bytes += job.bytes;
    if (batch.length > 0 && (rows > maxRows || bytes > rule.maxBytes)) break;
    lane.shift();
    batch.push(job);
  }
  return batch;
};
