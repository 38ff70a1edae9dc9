import type { Datatype } from '@sluice/kernel/tensor/datatypes';
import type { TensorSpec } from '@sluice/kernel/tensor/tensor';
import { distinct, nameOf } from './names.ts';

/** A feature as a manifest has it. */
export interface GuessedFeature {
  readonly name: string;
  readonly type: 'number' | 'boolean' | 'category' | 'tensor';
  readonly required: true;
  readonly tensor: string;
  readonly column?: number;
}

/** Who has more columns in one tensor (an image, an embedding) hands it over as a list. */
const maxColumns = 64;
/** Half floats travel as bits that no single feature can make. */
const halfFloats: readonly Datatype[] = ['FP16', 'BF16'];

/** Columns that features can fill one by one; undefined: they cannot. */
const columnsOf = ({ datatype, shape }: TensorSpec): number | undefined => {
  if (halfFloats.includes(datatype) || shape.length > 2) return undefined;
  const [first = 1, second] = shape;
  if (second === undefined) return Math.max(1, first);
  return first > 1 || second < 1 ? undefined : second;
};

const typeOf = (datatype: Datatype): GuessedFeature['type'] => {
  if (datatype === 'BYTES') return 'category';
  return datatype === 'BOOL' ? 'boolean' : 'number';
};

const guess = (spec: TensorSpec): GuessedFeature[] => {
  const columns = columnsOf(spec);
  const base = nameOf(spec.name);
  if (columns === undefined || columns > maxColumns)
    return [{ name: base, type: 'tensor', required: true, tensor: spec.name }];
  return Array.from({ length: columns }, (_, column) => ({
    name: columns === 1 ? base : `${base}_${column}`,
    type: typeOf(spec.datatype),
    required: true,
    tensor: spec.name,
    column,
  }));
};

/** A feature for each column of each input: nothing is lost, and names can be given one after the other. */
export const guessFeatures = (inputs: readonly TensorSpec[]): GuessedFeature[] => {
  const features = inputs.flatMap(guess);
  const names = distinct(features.map(({ name }) => name));
  return features.map((feature, index) => ({ ...feature, name: names[index] ?? feature.name }));
};
