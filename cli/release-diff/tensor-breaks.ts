import type { TensorSpec } from '@sluice/kernel/tensor/tensor';
import { type Break, forTensors } from './break.ts';

/** @param side where the tensors are, as `factsOf` calls it. */
export const tensorBreaks = (
  side: string,
  old: readonly TensorSpec[],
  now: readonly TensorSpec[],
): Break[] => {
  const known = new Set(old.map(({ name }) => name));
  const added = side === 'inputs' ? now.filter(({ name }) => !known.has(name)) : [];
  return [
    ...old.flatMap((spec) => changedTensor(`${side}.${spec.name}`, spec, now)),
    ...added.map(({ name }) => forTensors(`${side}.${name}`, 'is new, and every input is needed')),
  ];
};

const changedTensor = (path: string, old: TensorSpec, all: readonly TensorSpec[]): Break[] => {
  const now = all.find(({ name }) => name === old.name);
  if (now === undefined) return [forTensors(path, 'is gone, or has another name')];
  if (old.datatype !== now.datatype)
    return [forTensors(`${path}.datatype`, `was ${old.datatype}, is ${now.datatype}`)];
  const fits =
    old.shape.length === now.shape.length &&
    old.shape.every((size, axis) => now.shape[axis] === -1 || now.shape[axis] === size);
  return fits ? [] : [forTensors(`${path}.shape`, 'what had this shape no longer fits')];
};

export const rowBreaks = (old: number, now: number): Break[] =>
  now >= old ? [] : [forTensors('batching.maxRows', `a request may have ${now} rows at most, it was ${old}`)];
