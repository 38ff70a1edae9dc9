import {
  outcomeOf,
  type PredictionRecord,
  type RecordedTensor,
  type StoredPrediction,
} from '../predictions/stored-prediction.ts';
import { type TensorValue, tensorValues } from '../predictions/tensor-values.ts';
import { latestFeedback } from './latest-feedback.ts';

/** null: there is none. */
export type Cell = string | number | boolean | null;
/** By column, in their order. */
export type Row = ReadonlyMap<string, Cell>;

/** Columns that one tensor may make; a larger one is JSON text in one column. */
export const maxTensorColumns = 1_024;

/** A prediction as a row of a flat table: what is not flat in it is JSON text. */
export const flattenPrediction = (stored: StoredPrediction, withFeedback: boolean): Row => {
  const { record } = stored;
  const row = new Map<string, Cell>(factsOf(record));
  const { features, tensors } = record.input;
  for (const [name, value] of Object.entries(features ?? {})) row.set(`input.${name}`, cellOf(value));
  for (const tensor of tensors?.tensors ?? []) setTensor(row, 'input', tensor);
  const { prediction, tensors: answered } = record.outcome;
  for (const [name, value] of Object.entries(prediction?.outputs ?? {}))
    setOutput(row, `output.${name}`, value);
  for (const tensor of answered?.tensors ?? []) setTensor(row, 'output', tensor);
  if (withFeedback)
    for (const [name, value] of Object.entries(latestFeedback(stored.feedback))) row.set(name, cellOf(value));
  return row;
};

const textOf = (text: string): Cell => (text === '' ? null : text);

const factsOf = (record: PredictionRecord): [string, Cell][] => [
  ['prediction_id', record.predictionId],
  ['time', textOf(record.time)],
  ['model', record.model],
  ['version', textOf(record.release?.version ?? record.version)],
  ['entity_id', textOf(record.entityId)],
  ['outcome', outcomeOf(record.outcome)],
  ['code', textOf(record.code)],
  ['trace_id', textOf(record.traceId)],
];

const cellOf = (value: unknown): Cell => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return JSON.stringify(value);
};

/** What an output consists of has columns of its own: output.interval.lower. */
const setOutput = (row: Map<string, Cell>, column: string, value: unknown): void => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    row.set(column, cellOf(value));
    return;
  }
  for (const [name, part] of Object.entries(value)) setOutput(row, `${column}.${name}`, part);
};

/** A tensor of one row has a column for each element, any other one is a nested list. */
const setTensor = (row: Map<string, Cell>, side: 'input' | 'output', tensor: RecordedTensor): void => {
  const { name, shape } = tensor;
  const values = tensorValues(tensor);
  const isRow = shape.length <= 1 || shape[0] === 1;
  if (values === undefined) row.set(`${side}.${name}`, null);
  else if (isRow && values.length <= maxTensorColumns)
    for (const [index, value] of values.entries()) row.set(`${side}.${name}.${index}`, value);
  else row.set(`${side}.${name}`, JSON.stringify(nested(values, shape)));
};

const nested = (values: readonly TensorValue[], shape: readonly number[]): unknown => {
  const [size = 0, ...inner] = shape;
  if (inner.length === 0) return values;
  const length = inner.reduce((product, each) => product * each, 1);
  return Array.from({ length: size }, (_, index) =>
    nested(values.slice(index * length, (index + 1) * length), inner),
  );
};
