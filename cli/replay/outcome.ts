import type { RecordedOutcome, RecordedTensor } from '../predictions/stored-prediction.ts';
import { tensorValues } from '../predictions/tensor-values.ts';

/** An output that can be compared: numbers, or a text. */
export type Leaf = readonly number[] | string;

export type Outcome =
  | { readonly kind: 'prediction'; readonly outputs: ReadonlyMap<string, Leaf> }
  | { readonly kind: 'refusal'; readonly code: string; readonly message: string }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string };

const isNumbers = (value: readonly unknown[]): value is readonly number[] =>
  value.every((each) => typeof each === 'number');

/** The parts of an output by their paths: interval.lower. */
const leavesOf = (path: string, value: unknown): (readonly [string, Leaf])[] => {
  if (typeof value === 'number') return [[path, [value]]];
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return [[path, isNumbers(value) ? value : JSON.stringify(value)]];
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, part]) => leavesOf(`${path}.${name}`, part));
};

const leafOfTensor = (tensor: RecordedTensor): Leaf => {
  const values = tensorValues(tensor);
  if (values === undefined) return `${tensor.datatype} ${JSON.stringify(tensor.shape)}`;
  return isNumbers(values) ? values : JSON.stringify(values);
};

/** The outcome that was recorded, or was answered now. */
export const outcomeOfRecord = ({ prediction, tensors, refusal, failure }: RecordedOutcome): Outcome => {
  if (failure !== undefined) return { kind: 'failure', ...failure };
  if (refusal !== undefined) return { kind: 'refusal', ...refusal };
  const outputs = Object.entries(prediction?.outputs ?? {}).flatMap(([name, value]) => leavesOf(name, value));
  const named = (tensors?.tensors ?? []).map((tensor) => [tensor.name, leafOfTensor(tensor)] as const);
  return { kind: 'prediction', outputs: new Map([...outputs, ...named]) };
};
