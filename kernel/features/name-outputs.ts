import type {
  CutoffOutput,
  IntervalOutput,
  LabelOutput,
  NumberOutput,
  Output,
} from '../release/manifest-outputs.ts';
import type { Release } from '../release/release.ts';
import { type JsonScalar, unpackValues } from '../tensor/json-values.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Features, FeatureValue } from './value.ts';

/** Values of the revision that a manifest may refer to. */
export type ModelParameters = Readonly<Record<string, number | string | boolean>>;

/** The first row of a tensor. */
type Row = readonly JsonScalar[];
type RowOf = (tensor: string) => Row;

const plain = (value: JsonScalar | undefined): FeatureValue =>
  typeof value === 'bigint' ? Number(value) : (value ?? null);
const numeric = (value: JsonScalar | undefined): number => Number(value ?? Number.NaN);

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

const nameInterval = ({ lower, upper, level }: IntervalOutput, rowOf: RowOf): FeatureValue => ({
  lower: plain(rowOf(lower)[0]),
  upper: plain(rowOf(upper)[0]),
  ...(level === undefined ? {} : { level }),
});

const nameNumber = ({ tensor, column }: NumberOutput, rowOf: RowOf): FeatureValue =>
  plain(rowOf(tensor)[column]);

const nameOutput = (output: Output, rowOf: RowOf, parameters: ModelParameters): FeatureValue => {
  if ('lower' in output) return nameInterval(output, rowOf);
  if ('cutoff' in output) return nameCutoff(output, rowOf, parameters);
  if ('labels' in output) return nameLabel(output, rowOf);
  return nameNumber(output, rowOf);
};

/** Without a batch axis the whole tensor is one row. */
const firstRow = (tensor: Tensor | undefined, batched: boolean): Row => {
  if (tensor === undefined) return [];
  const values = unpackValues(tensor.datatype, tensor.data);
  if ('error' in values) return [];
  const rows = batched ? (tensor.shape[0] ?? 1) : 1;
  return values.value.slice(0, values.value.length / Math.max(1, rows));
};

/**
 * Names the outputs of one row as the manifest says; without a manifest each output tensor keeps its
 * name, one element as a value and several as a flat list.
 */
export const nameOutputs = (
  release: Pick<Release, 'manifest' | 'signature'>,
  tensors: readonly Tensor[],
  parameters: ModelParameters,
): Features => {
  const batched = release.signature.maxBatchSize > 0;
  const rowOf: RowOf = (name) =>
    firstRow(
      tensors.find((tensor) => tensor.name === name),
      batched,
    );
  const declared = Object.entries(release.manifest?.outputs ?? {});
  if (declared.length > 0) {
    return Object.fromEntries(
      declared.map(([name, output]) => [name, nameOutput(output, rowOf, parameters)]),
    );
  }
  return Object.fromEntries(
    tensors.map(({ name }) => {
      const row = rowOf(name);
      return [name, row.length === 1 ? plain(row[0]) : row.map(plain)];
    }),
  );
};
