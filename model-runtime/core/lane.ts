import type { Job } from './job.ts';
import { createOrderedJobs, type OrderedJobs } from './ordered-jobs.ts';

/** Jobs that may be computed together, since they agree in all but the first axis; by priority, then deadline. */
export interface Lane {
  readonly size: number;
  readonly rows: number;
  /** The one to be served next. */
  readonly first: Job | undefined;
  /** Infinity: there is none. */
  readonly earliestDeadline: number;
  push(job: Job): void;
  /** Takes the first one out. */
  shift(): Job | undefined;
  /** False: it is not there. */
  remove(job: Job): boolean;
  /** Takes out what has its deadline at that time or before. */
  takeLate(time: number): Job[];
  /** When the job that waits longest came; Infinity: there is none. O(n). */
  oldestArrival(): number;
}

interface Level {
  readonly priority: number;
  readonly jobs: OrderedJobs;
}

export const createLane = (): Lane => {
  /** The most urgent first. */
  const levels: Level[] = [];
  let size = 0;
  let rows = 0;
  const levelOf = (priority: number): OrderedJobs => {
    let index = 0;
    for (const level of levels) {
      if (level.priority === priority) return level.jobs;
      if (level.priority > priority) break;
      index += 1;
    }
    const jobs = createOrderedJobs();
    levels.splice(index, 0, { priority, jobs });
    return jobs;
  };
  const firstLevel = (): OrderedJobs | undefined => {
    for (const { jobs } of levels) if (jobs.size > 0) return jobs;
    return undefined;
  };
  const count = (job: Job, by: 1 | -1): void => {
    size += by;
    rows += by * job.rows;
  };
  const taken = (job: Job): void => {
    count(job, -1);
    // The last level stays, so that usual traffic makes none.
    const index = levels.length > 1 ? levels.findIndex(({ priority }) => priority === job.priority) : -1;
    if (index !== -1 && levels[index]?.jobs.size === 0) levels.splice(index, 1);
  };
  return {
    get size() {
      return size;
    },
    get rows() {
      return rows;
    },
    get first() {
      return firstLevel()?.first;
    },
    get earliestDeadline() {
      let earliest = Number.POSITIVE_INFINITY;
      for (const { jobs } of levels) earliest = Math.min(earliest, jobs.first?.deadlineAt ?? earliest);
      return earliest;
    },
    push(job) {
      levelOf(job.priority).push(job);
      count(job, 1);
    },
    shift() {
      const job = firstLevel()?.shift();
      if (job !== undefined) taken(job);
      return job;
    },
    remove(job) {
      if (!levels.find(({ priority }) => priority === job.priority)?.jobs.remove(job)) return false;
      taken(job);
      return true;
    },
    takeLate(time) {
      const late: Job[] = [];
      for (const { jobs } of levels) {
        while ((jobs.first?.deadlineAt ?? Number.POSITIVE_INFINITY) <= time) {
          const job = jobs.shift();
          if (job !== undefined) late.push(job);
        }
      }
      for (const job of late) taken(job);
      return late;
    },
    oldestArrival() {
      let oldest = Number.POSITIVE_INFINITY;
      for (const { jobs } of levels) for (const job of jobs) oldest = Math.min(oldest, job.enqueuedAt);
      return oldest;
    },
  };
};
