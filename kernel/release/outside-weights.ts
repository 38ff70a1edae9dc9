import { posix } from 'node:path';
import type { OnnxModel, OnnxTensor } from './onnx-messages.ts';
import { partsOf } from './onnx-parts.ts';
import { refuse } from './package-error.ts';

/** A plain file name. Some names with a slash are addresses in memory to ONNX Runtime (`kTensorProtoMemoryAddressTag`). */
const isInside = (location: string): boolean =>
  location !== '' && location !== '.' && location !== '..' && posix.basename(location) === location;

/** Names of the files beside a model in which its tensors keep their data. */
export const weightFiles = (model: OnnxModel): string[] => {
  const entries = partsOf(model).tensors.flatMap(({ externalData }) => externalData);
  return [...new Set(entries.flatMap(({ key, value = '' }) => (key === 'location' ? [value] : [])))];
};

/** Places of a tensor's data that are not inside the folder. */
const outsideFaults = ({ name = '', externalData }: OnnxTensor): string[] =>
  // A key may be there twice, and then the last one counts: each of them has to be good.
  externalData
    .filter(({ key, value = '' }) => key === 'location' && !isInside(value))
    .map(
      ({ value = '' }) =>
        `weights of ${name} lie at ${value}: external data must lie in the release's own folder`,
    );

/** A number of bytes as ONNX writes it; undefined: it is none. */
const bytesIn = (value: string): number | undefined => (/^\d{1,15}$/.test(value) ? Number(value) : undefined);

const valuesOf = ({ externalData }: OnnxTensor, key: string): string[] =>
  externalData.filter((entry) => entry.key === key).map(({ value = '' }) => value);

/** Whether the data lies inside the files that are there. */
const rangeFaults = (tensor: OnnxTensor, sizes: ReadonlyMap<string, number>): string[] => {
  const { name = '', externalData } = tensor;
  if (externalData.length === 0) return [];
  const locations = valuesOf(tensor, 'location');
  if (locations.length === 0) return [`weights of ${name} are external, but no location is given`];
  const [offsets, lengths] = [valuesOf(tensor, 'offset'), valuesOf(tensor, 'length')];
  const strange = [...offsets, ...lengths].find((value) => bytesIn(value) === undefined);
  if (strange !== undefined) return [`weights of ${name}: '${strange}' is no number of bytes`];
  const end = Math.max(0, ...offsets.map(Number)) + Math.max(0, ...lengths.map(Number));
  return locations.filter(isInside).flatMap((location) => {
    const size = sizes.get(location);
    if (size === undefined) return [`weights of ${name} lie in ${location}, which is not in the package`];
    return end > size ? [`weights of ${name} end at byte ${end} of ${location}, which has ${size}`] : [];
  });
};

/** Of thousands of weights the first ones tell enough. */
const maxFaults = 8;

/**
 * What is wrong with where tensors keep their data.
 * @param sizes of the package's files in bytes, by path
 */
export const weightFaults = (tensors: readonly OnnxTensor[], sizes: ReadonlyMap<string, number>): string[] =>
  tensors.flatMap((tensor) => [...outsideFaults(tensor), ...rangeFaults(tensor, sizes)]).slice(0, maxFaults);

/**
 * Refuses a model any of whose tensors keeps its data outside the folder of the model.
 * @throws PackageError naming the tensor and the place.
 */
export const refuseOutsideWeights = (model: OnnxModel): void =>
  refuse(
    partsOf(model)
      .tensors.flatMap(outsideFaults)
      .slice(0, maxFaults)
      .map((message) => ({ file: 'model.onnx', message })),
  );
