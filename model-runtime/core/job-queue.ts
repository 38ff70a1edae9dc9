import { type BatchRule, dueAt, takeFrom } from './batch-rule.ts';
import { isBefore, type Job } from './job.ts';
import { createLane, type Lane } from './lane.ts';

export interface QueueLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** The bounded queue of one release: a lane for each shape, and the lane whose first job is the most urgent is served. */
export interface JobQueue {
  readonly size: number;
  readonly rows: number;
  readonly bytes: number;
  /** False: the queue is full. One job is taken however large it is. */
  push(job: Job): boolean;
  /** Takes a job out that nobody waits for any more; false: it is not queued. */
  remove(job: Job): boolean;
  /** Takes out what has its deadline at that time or before. */
  takeLate(time: number): readonly Job[];
  /** When the next batch is to be computed at the latest; Infinity: nothing is queued. See `dueAt` of batch-rule. */
  dueAt(computeMs: number | undefined): number;
  /** Jobs that are computed together, of a lane whose batch is due; none: no lane's is. */
  takeBatch(now: number, computeMs: number | undefined): Job[];
}

const none: readonly Job[] = [];

export const createJobQueue = ({ maxEntries, maxBytes }: QueueLimits, rule: BatchRule): JobQueue => {
  const lanes = new Map<string, Lane>();
  let size = 0;
  let rows = 0;
  let bytes = 0;
  /** No job has its deadline before; it spares looking for late ones again and again. */
  let noDeadlineBefore = Number.POSITIVE_INFINITY;
  const laneOf = (shapeKey: string): Lane => {
    const known = lanes.get(shapeKey);
    if (known !== undefined) return known;
    const lane = createLane();
    lanes.set(shapeKey, lane);
    return lane;
  };
  const count = (job: Job, by: 1 | -1): void => {
    size += by;
    rows += by * job.rows;
    bytes += by * job.bytes;
  };
  const taken = (jobs: readonly Job[], shapeKey: string, lane: Lane): void => {
    for (const job of jobs) count(job, -1);
    // The last lane stays, so that usual traffic makes none.
    if (lane.size === 0 && lanes.size > 1) lanes.delete(shapeKey);
  };
  const takeLateNow = (time: number): readonly Job[] => {
    const late: Job[] = [];
    noDeadlineBefore = Number.POSITIVE_INFINITY;
    for (const [shapeKey, lane] of lanes) {
      const here = lane.takeLate(time);
      taken(here, shapeKey, lane);
      for (const job of here) late.push(job);
      noDeadlineBefore = Math.min(noDeadlineBefore, lane.earliestDeadline);
    }
    return late;
  };
  return {
    get size() {
      return size;
    },
    get rows() {
      return rows;
    },
    get bytes() {
      return bytes;
    },
    push(job) {
      if (size >= maxEntries || (size > 0 && bytes + job.bytes > maxBytes)) return false;
      laneOf(job.shapeKey).push(job);
      count(job, 1);
      noDeadlineBefore = Math.min(noDeadlineBefore, job.deadlineAt);
      return true;
    },
    remove(job) {
      const lane = lanes.get(job.shapeKey);
      if (lane === undefined || !lane.remove(job)) return false;
      taken([job], job.shapeKey, lane);
      return true;
    },
    takeLate: (time) => (time < noDeadlineBefore ? none : takeLateNow(time)),
    dueAt(computeMs) {
      if (size === 0) return Number.POSITIVE_INFINITY;
      if (rule.maxDelayMs === 0) return Number.NEGATIVE_INFINITY;
      let due = Number.POSITIVE_INFINITY;
      for (const lane of lanes.values()) due = Math.min(due, dueAt(lane, rule, computeMs));
      return due;
    },
    takeBatch(now, computeMs) {
      let chosen: Lane | undefined;
      let first: Job | undefined;
      for (const lane of lanes.values()) {
        const candidate = lane.first;
        if (candidate === undefined || (first !== undefined && !isBefore(candidate, first))) continue;
        if (dueAt(lane, rule, computeMs) <= now) [chosen, first] = [lane, candidate];
      }
      if (chosen === undefined || first === undefined) return [];
      const batch = takeFrom(chosen, rule);
      taken(batch, first.shapeKey, chosen);
      return batch;
    },
  };
};
