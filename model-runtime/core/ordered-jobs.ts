import { isBefore, type Job } from './job.ts';

/** Jobs of one priority, by deadline, then arrival. Usual traffic, whose deadlines rise, appends in O(1). */
export interface OrderedJobs {
  readonly size: number;
  /** The one to be served next. */
  readonly first: Job | undefined;
  push(job: Job): void;
  /** Takes the first one out. */
  shift(): Job | undefined;
  /** False: it is not there. */
  remove(job: Job): boolean;
  [Symbol.iterator](): Iterator<Job>;
}

/** Emptied places in front that are kept before they are cut off; cutting off is O(n). */
const keptPlaces = 64;

/** A sorted array with a moving front: bounded by the queue's entries, so that no heap is needed. */
export const createOrderedJobs = (): OrderedJobs => {
  let jobs: (Job | undefined)[] = [];
  let front = 0;
  /** Of the first job behind this one, or of the end. */
  const indexBehind = (job: Job): number => {
    let [low, high] = [front, jobs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = jobs[middle];
      if (other !== undefined && isBefore(job, other)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const cutOff = (): void => {
    if (front < jobs.length && (front < keptPlaces || front * 2 < jobs.length)) return;
    if (front === jobs.length) jobs.length = 0;
    else jobs = jobs.slice(front);
    front = 0;
  };
  return {
    get size() {
      return jobs.length - front;
    },
    get first() {
      return jobs[front];
    },
    push(job) {
      const last = jobs.at(-1);
      if (last === undefined || !isBefore(job, last)) jobs.push(job);
      else jobs.splice(indexBehind(job), 0, job);
    },
    shift() {
      const first = jobs[front];
      if (first === undefined) return undefined;
      jobs[front] = undefined;
      front += 1;
      cutOff();
      return first;
    },
    remove(job) {
      let index = indexBehind(job) - 1;
      // Jobs that are neither before nor behind it came in the same instant.
      for (; jobs[index] !== job; index -= 1) {
        const other = jobs[index];
        if (other === undefined || isBefore(other, job)) return false;
      }
      jobs.splice(index, 1);
      return true;
    },
    *[Symbol.iterator]() {
      for (let index = front; index < jobs.length; index += 1) {
        const job = jobs[index];
        if (job !== undefined) yield job;
      }
    },
  };
};
