import type { Violation } from '../errors/sluice-error.ts';
import { type Datatype, isDatatype } from '../tensor/datatypes.ts';

/** Largest dimension that is believed. */
const largest = 0xffff_ffff;

/** The datatype that a caller declares; undefined, and a fault, where the protocol has none of that name. */
export const declaredDatatype = (
  tensor: { readonly name: string; readonly datatype: string },
  faults: Violation[],
): Datatype | undefined => {
  if (isDatatype(tensor.datatype)) return tensor.datatype;
  faults.push({
    path: `inputs.${tensor.name}.datatype`,
    rule: 'datatype',
    message: `'${tensor.datatype}' is no datatype of the protocol`,
  });
  return undefined;
};

/** The shape that a caller declares, as numbers; a fault where a dimension is none. */
export const declaredShape = (
  tensor: { readonly name: string; readonly shape: readonly (string | number)[] },
  faults: Violation[],
): number[] => {
  const shape = tensor.shape.map(Number);
  if (!shape.every((size) => Number.isInteger(size) && size >= 0 && size <= largest)) {
    faults.push({
      path: `inputs.${tensor.name}.shape`,
      rule: 'shape',
      message: `every dimension must be 0 or more, got [${shape}]`,
    });
  }
  return shape;
};
