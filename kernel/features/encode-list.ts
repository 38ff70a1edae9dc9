import { invalidInput } from '../errors/sluice-error.ts';
import { checkData } from '../tensor/check-tensor.ts';
import { packValues } from '../tensor/json-values.ts';
import { elementCount, type Tensor, type TensorSpec } from '../tensor/tensor.ts';
import { type FeatureValue, shown } from './value.ts';

/** A list (of lists) as the whole row of a tensor: `[8][8]` or the 64 numbers flat, for a shape [-1,8,8]. */
export const packList = (spec: TensorSpec, feature: string, value: FeatureValue): Tensor => {
  const path = `features.${feature}`;
  const flat = flatten(value);
  const shape = rowShape(spec, flat.length);
  const expected = elementCount(shape);
  if (flat.length !== expected) {
    throw invalidInput([
      {
        path,
        rule: 'shape',
        message: `expected ${expected} elements for [${shape}], got ${shown(value)} with ${flat.length}`,
      },
    ]);
  }
  const packed = packValues(spec.datatype, flat);
  if ('error' in packed) throw invalidInput([{ path, rule: 'type', message: packed.error }]);
  const tensor = { name: spec.name, datatype: spec.datatype, shape, data: packed.value };
  const faults = checkData(tensor, path);
  if (faults.length > 0) throw invalidInput(faults);
  return tensor;
};

const flatten = (value: FeatureValue): readonly FeatureValue[] =>
  Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];

/** The batch axis is 1; one further open dimension takes what came. */
const rowShape = ({ shape }: TensorSpec, count: number): number[] => {
  const row = shape.map((size, axis) => (axis === 0 && size === -1 ? 1 : size));
  const open = row.indexOf(-1);
  if (open === -1) return row;
  const known = elementCount(row.filter((size) => size !== -1));
  return row.map((size, axis) =>
    axis === open ? Math.floor(count / Math.max(1, known)) : Math.max(1, size),
  );
};
