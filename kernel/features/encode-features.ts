import { invalidInput, type Violation } from '../errors/sluice-error.ts';
import type { Feature, SingleFeature } from '../release/manifest-features.ts';
import type { Release } from '../release/release.ts';
import { bytesOfStrings } from '../tensor/bytes-elements.ts';
import { unfitNumber } from '../tensor/number-ranges.ts';
import { allocate, bytesOf, type NumericDatatype } from '../tensor/numbers.ts';
import { elementCount, type Tensor, type TensorSpec } from '../tensor/tensor.ts';
import { packList } from './encode-list.ts';
import { featuresOf } from './features-of.ts';
import { type Features, shown } from './value.ts';

/** What stands for a feature that did not come and has no default. */
const absent = { number: Number.NaN, boolean: 0, index: -1, string: '' } as const;

const textOf = (feature: SingleFeature, given: Features): string => {
  const value = given[feature.name] ?? feature.default ?? absent.string;
  return String(value);
};

/** What goes into a tensor of numbers; nothing given: what stands in for it. */
export const numberOf = (feature: SingleFeature, given: Features): number => {
  const value = given[feature.name] ?? feature.default;
  if (feature.type === 'category')
    return value === undefined ? absent.index : (feature.values?.indexOf(String(value)) ?? absent.index);
  return value === undefined ? absent[feature.type] : Number(value);
};

const packTexts = (features: readonly SingleFeature[], columns: number, given: Features): Uint8Array => {
  const texts = new Array<string>(columns).fill(absent.string);
  for (const feature of features) texts[feature.column] = textOf(feature, given);
  return bytesOfStrings(texts);
};

/** Compiles one row of numbers. They are gathered in one array, whose bytes are copied: a new one costs more than its numbers. */
const compileNumbers = (
  datatype: NumericDatatype,
  features: readonly SingleFeature[],
  columns: number,
): ((given: Features) => Uint8Array) => {
  const array = allocate(datatype, columns);
  const bytes = bytesOf(array);
  const put = (feature: SingleFeature, given: Features): Violation | undefined => {
    const value = numberOf(feature, given);
    const expected = unfitNumber(datatype, value);
    if (expected !== undefined) {
      const message = `expected ${expected}, got ${shown(given[feature.name] ?? feature.default)}`;
      return { path: `features.${feature.name}`, rule: 'range', message };
    }
    if (array instanceof BigInt64Array || array instanceof BigUint64Array)
      array[feature.column] = BigInt(value);
    else array[feature.column] = value;
    return undefined;
  };
  return (given) => {
    const faults: Violation[] = [];
    for (const feature of features) {
      const fault = put(feature, given);
      if (fault !== undefined) faults.push(fault);
    }
    if (faults.length > 0) throw invalidInput(faults);
    return Buffer.from(bytes);
  };
};

/** One row of a tensor from its features. */
const compileTensor = (spec: TensorSpec, features: readonly Feature[]): ((given: Features) => Tensor) => {
  const { name, datatype } = spec;
  const whole = features.find((feature) => feature.type === 'tensor');
  if (whole !== undefined) return (given) => packList(spec, whole.name, given[whole.name] ?? null);
  const scalars = features.filter((feature) => feature.type !== 'tensor');
  const columns = Math.max(1, ...scalars.map(({ column }) => column + 1));
  const shape = spec.shape.map((size, axis) => (size === -1 ? (axis === 0 ? 1 : columns) : size));
  const length = elementCount(shape);
  if (datatype === 'BYTES')
    return (given) => ({ name, datatype, shape, data: packTexts(scalars, length, given) });
  const packNumbers = compileNumbers(datatype, scalars, length);
  return (given) => ({ name, datatype, shape, data: packNumbers(given) });
};

export type EncodeFeatures = (given: Features) => Tensor[];

/**
 * Compiles a release's encoding: features → one row of each input tensor, in the signature's order.
 * The features must have been checked before.
 * @throws SluiceError INVALID_INPUT (when encoding) for what only the tensor can tell: list sizes, whole numbers.
 */
export const compileEncoder = (release: Pick<Release, 'manifest' | 'signature'>): EncodeFeatures => {
  const features = featuresOf(release);
  const encoders = release.signature.inputs.map((spec) =>
    compileTensor(
      spec,
      features.filter(({ tensor }) => tensor === spec.name),
    ),
  );
  return (given) => encoders.map((encode) => encode(given));
};
