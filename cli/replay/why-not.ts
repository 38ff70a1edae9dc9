import type { PredictionRecord } from '../predictions/stored-prediction.ts';

/** Why a record cannot be replayed; undefined: it can. */
export const whyNotReplayed = (record: PredictionRecord): string | undefined => {
  const { input, outcome, redactions, notReplayable } = record;
  if (outcome.failure !== undefined) return 'failure';
  if (redactions.length > 0) return 'redacted';
  if (input.omitted !== undefined) return 'omitted';
  if (notReplayable !== '') return notReplayable;
  return input.features === undefined && input.tensors === undefined ? 'no input' : undefined;
};
