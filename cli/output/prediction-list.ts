import { outcomeOf, type StoredPrediction } from '../predictions/stored-prediction.ts';
import { formatTable } from './table.ts';

/** One row a prediction; below it, how to go on where there are more. */
export const formatPredictionList = (
  predictions: readonly StoredPrediction[],
  nextPageToken: string,
): string => {
  const headings = ['TIME', 'PREDICTION', 'MODEL', 'VERSION', 'OUTCOME', 'CODE', 'ENTITY', 'FEEDBACK'];
  const table = formatTable(headings, predictions.map(rowOf));
  return nextPageToken === '' ? table : `${table}\nThere are more: --page-token ${nextPageToken}\n`;
};

const rowOf = ({ record, feedback }: StoredPrediction): string[] => [
  record.time,
  record.predictionId,
  record.model,
  record.release?.version ?? record.version,
  outcomeOf(record.outcome),
  record.code,
  record.entityId,
  feedback.length === 0 ? '' : String(feedback.length),
];
