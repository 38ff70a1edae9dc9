import type { TensorSignature } from '../tensor/signature.ts';
import { elementCount, type TensorSpec } from '../tensor/tensor.ts';
import type { Output } from './manifest-outputs.ts';
import { orElse } from './nearest.ts';

/** Elements of one row, which without a batch axis is the whole tensor; -1: any number. */
const rowLength = ({ shape }: TensorSpec, isBatched: boolean): number => {
  const row = isBatched ? shape.slice(1) : shape;
  return row.includes(-1) ? -1 : elementCount(row);
};

const tensorsOf = (output: Exclude<Output, { fields: unknown }>): string[] =>
  'lower' in output ? [output.lower, output.upper] : [output.tensor];

const columnFaults = (path: string, column: number, length: number): string[] =>
  length !== -1 && column >= length ? [`${path}.column: ${column} of ${length}`] : [];

const topFaults = (path: string, top: number, labels: readonly string[]): string[] =>
  top > labels.length ? [`${path}.top: ${top} of ${labels.length} labels`] : [];

/** Each output is made of tensors and columns that exist. */
export const outputFaults = (
  outputs: Readonly<Record<string, Output>>,
  signature: TensorSignature,
  parent = 'outputs',
): string[] =>
  Object.entries(outputs).flatMap(([name, output]) => {
    const path = `${parent}.${name}`;
    if ('fields' in output) return outputFaults(output.fields, signature, `${path}.fields`);
    const known = signature.outputs.map((spec) => spec.name);
    const missing = tensorsOf(output).filter((tensor) => !known.includes(tensor));
    if (missing.length > 0)
      return missing.map((tensor) => `${path}: there is no output ${tensor}${orElse(tensor, known)}`);
    if ('top' in output) return topFaults(path, output.top, output.labels);
    if (!('column' in output)) return [];
    const spec = signature.outputs.find((each) => each.name === output.tensor);
    return spec === undefined
      ? []
      : columnFaults(path, output.column, rowLength(spec, signature.maxBatchSize > 0));
  });
