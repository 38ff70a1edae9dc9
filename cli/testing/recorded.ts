import type { DoorAnswer, DoorRequest } from './stand-in-door.ts';

/** What `recordedPrediction` is told: fields of a record and of what became known since. */
export interface Recorded {
  readonly record?: Readonly<Record<string, unknown>>;
  readonly feedback?: readonly Readonly<Record<string, unknown>>[];
}

const begin = Date.parse('2026-11-20T10:00:00Z');

export const idOf = (index: number): string => `01a1fd8c-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** A prediction of churn 1.0.0, as many seconds after ten o'clock as its index says. */
export const recordedPrediction = (index: number, { record = {}, feedback = [] }: Recorded = {}): object => ({
  record: {
    predictionId: idOf(index),
    time: new Date(begin + index * 1_000).toISOString(),
    door: 'rest',
    model: 'churn',
    release: { name: 'churn', version: '1.0.0', digest: 'sha256:ab' },
    entityId: `c-${index}`,
    input: { features: { tenure: index, contract: 'One year' } },
    outcome: { prediction: { outputs: { probability: index / 100, churn: 'no' } } },
    code: 'OK',
    timings: { queueMs: 0.1, computeMs: 0.2, totalMs: 0.9 },
    traceId: 'abcdef0123456789abcdef0123456789',
    ...record,
  },
  feedback,
  traceUrl: '',
});

/** Answers GET /v1/predictions out of these, page by page; which ones a filter takes is the test's business. */
export const pageOf = (predictions: readonly object[], { query }: DoorRequest): DoorAnswer => {
  const ordered = query.get('ascending') === 'true' ? predictions : predictions.toReversed();
  const from = Number(query.get('pageToken') ?? 0);
  const end = from + Number(query.get('pageSize') ?? 100);
  return {
    body: {
      predictions: ordered.slice(from, end),
      nextPageToken: end < ordered.length ? String(end) : '',
    },
  };
};
