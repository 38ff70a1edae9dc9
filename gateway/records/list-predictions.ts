import { invalidInput, type Violation } from '@sluice/kernel/errors/sluice-error';
import { shown } from '@sluice/kernel/features/value';
import type { PredictionQuery, PredictionReader } from '@sluice/kernel/records/prediction-reader';
import type { ListPredictionsRequest__Output } from '@sluice/protos/gen/sluice/v1/ListPredictionsRequest';
import { databaseMs, encodeStored } from './get-prediction.ts';
import { parseTime } from './parse-time.ts';
import type { Predictions } from './predictions.ts';
import { within } from './within.ts';

const defaultPageSize = 100;
const maxPageSize = 1_000;
const outcomes = ['prediction', 'refusal', 'failure'] as const;

const outcomeOf = (text: string): PredictionQuery['outcome'] => outcomes.find((each) => each === text);

const timeOf = (faults: Violation[], path: string, text: string): number | undefined => {
  const at = text === '' ? undefined : parseTime(text);
  if (text !== '' && at === undefined) {
    const message = `expected a time such as 2026-11-20T10:00:00Z, got ${shown(text)}`;
    faults.push({ path, rule: 'format', message });
  }
  return at;
};

const checkRest = (request: ListPredictionsRequest__Output, faults: Violation[]): void => {
  const { outcome, pageSize } = request;
  if (outcome !== '' && outcomeOf(outcome) === undefined) {
    const message = `expected ${outcomes.join(', ')} or nothing, got ${shown(outcome)}`;
    faults.push({ path: 'outcome', rule: 'enum', message, allowed: outcomes });
  }
  if (pageSize > maxPageSize)
    faults.push({
      path: 'page_size',
      rule: 'range',
      message: `expected at most ${maxPageSize}, got ${pageSize}`,
    });
};

/** Text that says something. */
const given = <K extends string>(key: K, text: string): Partial<Record<K, string>> =>
  text === '' ? {} : ({ [key]: text } as Partial<Record<K, string>>);

/** @throws SluiceError INVALID_INPUT with every fault */
export const queryOf = (request: ListPredictionsRequest__Output): PredictionQuery => {
  const faults: Violation[] = [];
  const fromMs = timeOf(faults, 'from', request.from);
  const toMs = timeOf(faults, 'to', request.to);
  checkRest(request, faults);
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    const message = `expected a time after from, ${request.from}, got ${request.to}`;
    faults.push({ path: 'to', rule: 'range', message });
  }
  if (faults.length > 0) throw invalidInput(faults);
  const outcome = outcomeOf(request.outcome);
  return {
    ...given('model', request.model),
    ...given('version', request.version),
    ...given('code', request.code),
    ...given('entityId', request.entityId),
    ...given('pageToken', request.pageToken),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(request.hasFeedback === undefined ? {} : { hasFeedback: request.hasFeedback }),
    synthetic: request.synthetic ?? false,
    pageSize: request.pageSize || defaultPageSize,
    ascending: request.ascending,
  };
};

/** Lists predictions that are stored. */
export const listPredictions = (
  reader: Pick<PredictionReader, 'list'>,
  traceUrl: (traceId: string) => string,
): Predictions['list'] => {
  return async (request, scope) => {
    const { predictions, nextPageToken = '' } = await within(
      reader.list(queryOf(request)),
      databaseMs,
      scope,
    );
    return { predictions: predictions.map((each) => encodeStored(each, traceUrl)), nextPageToken };
  };
};
