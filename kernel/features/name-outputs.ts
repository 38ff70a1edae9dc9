import type {
  CutoffOutput,
  IntervalOutput,
  LabelOutput,
  NumberOutput,
  ObjectOutput,
  Output,
  TopOutput,
} from '../release/manifest-outputs.ts';
import type { Release } from '../release/release.ts';
import { type JsonScalar, unpackValues } from '../tensor/json-values.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { put } from './put.ts';
import type { Features, FeatureValue } from './value.ts';

/** Values of the revision that a manifest may refer to. */
export type ModelParameters = Readonly<Record<string, number | string | boolean>>;

/** One row of a tensor. */
type Row = readonly JsonScalar[];
type RowOf = (tensor: string) => Row;

const plain = (value: JsonScalar | undefined): FeatureValue =>
  typeof value === 'bigint' ? Number(value) : (value ?? null);
const numeric = (value: JsonScalar | undefined): number => Number(value ?? Number.NaN);

/** To that many digits after the point; what is no number stays what it is. */
const rounded = (value: FeatureValue, digits: number | undefined): FeatureValue =>
  digits === undefined || typeof value !== 'number' ? value : Number(value.toFixed(digits));

const argMax = (row: Row): number =>
  row.reduce<number>((best, value, index) => (numeric(value) > numeric(row[best]) ? index : best), 0);

const nameLabel = ({ tensor, labels }: LabelOutput, rowOf: RowOf): FeatureValue => {
  const row = rowOf(tensor);
  if (row.length === 1 && typeof row[0] === 'string') return row[0];
  return labels[row.length === labels.length && row.length > 1 ? argMax(row) : numeric(row[0])] ?? null;
};

const nameCutoff = (
  { tensor, column, labels, cutoff }: CutoffOutput,
  rowOf: RowOf,
  parameters: ModelParameters,
): FeatureValue =>
  labels[numeric(rowOf(tensor)[column]) >= Number(parameters[cutoff.parameter] ?? cutoff.default) ? 1 : 0];

/** The best first; of equal ones the first of `labels`. */
const nameTop = ({ tensor, labels, top, round }: TopOutput, rowOf: RowOf): FeatureValue =>
  rowOf(tensor)
    .map((value, index) => ({ label: labels[index] ?? null, score: numeric(value) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, top)
    .map(({ label, score }) => ({ label, score: rounded(score, round) }));

const nameInterval = ({ lower, upper, level, round }: IntervalOutput, rowOf: RowOf): FeatureValue => ({
  lower: rounded(plain(rowOf(lower)[0]), round),
  upper: rounded(plain(rowOf(upper)[0]), round),
  ...(level === undefined ? {} : { level }),
});

const nameNumber = ({ tensor, column, round }: NumberOutput, rowOf: RowOf): FeatureValue =>
  rounded(plain(rowOf(tensor)[column]), round);

const nameObject = ({ fields }: ObjectOutput, rowOf: RowOf, parameters: ModelParameters): FeatureValue =>
  Object.fromEntries(
    Object.entries(fields).map(([name, output]) => [name, nameOutput(output, rowOf, parameters)]),
  );

const nameOutput = (output: Output, rowOf: RowOf, parameters: ModelParameters): FeatureValue => {
  if ('fields' in output) return nameObject(output, rowOf, parameters);
  if ('lower' in output) return nameInterval(output, rowOf);
  if ('cutoff' in output) return nameCutoff(output, rowOf, parameters);
  if ('top' in output) return nameTop(output, rowOf);
  if ('labels' in output) return nameLabel(output, rowOf);
  return nameNumber(output, rowOf);
};

const valuesOf = (tensor: Tensor): Row => {
  const values = unpackValues(tensor.datatype, tensor.data);
  return 'error' in values ? [] : values.value;
};

/** Takes rows out of tensors, each of which is unpacked once. Without a batch axis the whole tensor is one row. */
const rowsIn = (tensors: readonly Tensor[], batched: boolean): ((index: number) => RowOf) => {
  const unpacked: (Row | undefined)[] = [];
  return (index) => (name) => {
    const at = tensors.findIndex((each) => each.name === name);
    const tensor = tensors[at];
    if (tensor === undefined) return [];
    const values = unpacked[at] ?? valuesOf(tensor);
    unpacked[at] = values;
    const rows = Math.max(1, batched ? (tensor.shape[0] ?? 1) : 1);
    if (rows === 1 && index === 0) return values;
    const length = values.length / rows;
    return values.slice(index * length, (index + 1) * length);
  };
};

const plainOutputs = (tensors: readonly Tensor[], rowOf: RowOf): Features =>
  Object.fromEntries(
    tensors.map(({ name }) => {
      const row = rowOf(name);
      return [name, row.length === 1 ? plain(row[0]) : row.map(plain)];
    }),
  );

type Named = Pick<Release, 'manifest' | 'signature'>;

/** Names the outputs of one row after the other; see nameOutputs. */
export type NameRows = (tensors: readonly Tensor[], parameters: ModelParameters) => (row: number) => Features;

export const compileNames = ({ manifest, signature }: Named): NameRows => {
  const declared = Object.entries(manifest?.outputs ?? {});
  const nameRow = (rowOf: RowOf, parameters: ModelParameters): Features => {
    const named: Record<string, FeatureValue> = {};
    for (const [name, output] of declared) put(named, name, nameOutput(output, rowOf, parameters));
    return named;
  };
  return (tensors, parameters) => {
    const rowOf = rowsIn(tensors, signature.maxBatchSize > 0);
    return declared.length === 0
      ? (row) => plainOutputs(tensors, rowOf(row))
      : (row) => nameRow(rowOf(row), parameters);
  };
};

/**
 * Names the outputs of the first row as the manifest says; without a manifest each output tensor keeps its
 * name, one element as a value and several as a flat list.
 */
export const nameOutputs = (
  release: Named,
  tensors: readonly Tensor[],
  parameters: ModelParameters,
): Features => compileNames(release)(tensors, parameters)(0);
