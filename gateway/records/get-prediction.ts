import { invalidInput, SluiceError } from '@sluice/kernel/errors/sluice-error';
import { shown } from '@sluice/kernel/features/value';
import type { PredictionReader, StoredPrediction } from '@sluice/kernel/records/prediction-reader';
import { predictionTimeMs } from '@sluice/kernel/records/prediction-time';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import type { GetPredictionResponse } from '@sluice/protos/gen/sluice/v1/GetPredictionResponse';
import type { FindOwn } from './own-records.ts';
import type { Predictions } from './predictions.ts';
import { within } from './within.ts';

/** Longest wait for the database, where nobody else has the answer. */
export const databaseMs = 10_000;
/** Longest wait for what the answer can do without. */
export const extraMs = 250;
const retryMs = 500;

export interface GetPredictionOptions {
  readonly findOwn: FindOwn;
  readonly reader: Pick<PredictionReader, 'get' | 'feedback'>;
  /** How young a prediction is whose record may still be on its way from another gateway. */
  readonly notYetVisibleMs: number;
  readonly traceUrl: (traceId: string) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export const encodeStored = (
  { record, feedback }: StoredPrediction,
  traceUrl: (traceId: string) => string,
): GetPredictionResponse => ({ record, feedback: [...feedback], traceUrl: traceUrl(record.traceId) });

const missing = (id: string, madeMs: number, { notYetVisibleMs, now }: GetPredictionOptions): SluiceError =>
  Math.abs(now() - madeMs) < notYetVisibleMs
    ? new SluiceError(
        'NOT_YET_VISIBLE',
        `prediction ${id} may have been answered by another gateway just now`,
        {
          retryAfterMs: retryMs,
        },
      )
    : new SluiceError('PREDICTION_NOT_FOUND', `there is no record of a prediction ${id}`);

/** What is still in the spool, else what is stored; feedback is what the database knows, if it is quick. */
const find = async (
  options: GetPredictionOptions,
  id: string,
  scope: CallScope,
): Promise<StoredPrediction | undefined> => {
  const record = await options.findOwn(id);
  if (record === undefined) return within(options.reader.get(id), databaseMs, scope);
  const feedback = await within(options.reader.feedback(id), extraMs, scope).catch(() => []);
  return { record, feedback };
};

/** Finds one prediction. */
export const getPrediction = (options: GetPredictionOptions): Predictions['get'] => {
  return async (given, scope) => {
    const madeMs = predictionTimeMs(given);
    if (madeMs === undefined) {
      const message = `expected a UUIDv7, got ${shown(given)}`;
      throw invalidInput([{ path: 'prediction_id', rule: 'format', message }]);
    }
    const id = given.toLowerCase();
    const found = await find(options, id, scope);
    if (found === undefined) throw missing(id, madeMs, options);
    return encodeStored(found, options.traceUrl);
  };
};
