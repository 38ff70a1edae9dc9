import type { GivenFeedback } from '../predictions/stored-prediction.ts';

/** What is known about a prediction in the end. */
export interface LatestFeedback {
  readonly label: unknown;
  readonly reward: number | undefined;
  readonly correction: Readonly<Record<string, unknown>> | undefined;
  readonly comment: string | undefined;
  /** Of the last one that said any of it. */
  readonly feedback_author: string | undefined;
  readonly feedback_time: string | undefined;
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/**
 * Of each field the latest that was said: a comment that comes after a label does not take the label away.
 * @param feedback the earliest first
 */
export const latestFeedback = (feedback: readonly GivenFeedback[]): LatestFeedback => {
  const latest = <K extends keyof GivenFeedback>(field: K): GivenFeedback[K] | undefined =>
    feedback.findLast((each) => isSaid(each[field]))?.[field];
  const last = feedback.at(-1);
  return {
    label: latest('label'),
    reward: latest('reward'),
    correction: latest('correction'),
    comment: latest('comment'),
    feedback_author: last?.author,
    feedback_time: last?.time || last?.received,
  };
};

/** Whether a prediction says what would have been right: comments alone do not. */
export const isLabelled = (feedback: readonly GivenFeedback[]): boolean =>
  feedback.some(({ label, reward, correction }) => [label, reward, correction].some(isSaid));
