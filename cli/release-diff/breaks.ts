import { featuresOf } from '@sluice/kernel/features/features-of';
import type { Feature } from '@sluice/kernel/release/manifest-features';
import type { Output } from '@sluice/kernel/release/manifest-outputs';
import type { Release } from '@sluice/kernel/release/release';
import type { TensorSpec } from '@sluice/kernel/tensor/tensor';

/** Something that a caller who is content with one release meets when the other one answers. */
export interface Break {
  /** Who meets it: those who send features, or those who send tensors. */
  readonly callers: 'features' | 'tensors';
  /** The path of what changed, as `factsOf` has it. */
  readonly path: string;
  readonly message: string;
}

/** What breaks for callers of `from` when `to` answers them. */
export const breaksBetween = (from: Release, to: Release): Break[] => [
  ...featureBreaks(from, to),
  ...outputBreaks(from.manifest?.outputs ?? {}, to.manifest?.outputs ?? {}),
  ...tensorBreaks('inputs', from.signature.inputs, to.signature.inputs),
  ...tensorBreaks('outputTensors', from.signature.outputs, to.signature.outputs),
  ...rowBreaks(from.signature.maxBatchSize, to.signature.maxBatchSize),
];

const forFeatures = (path: string, message: string): Break => ({ callers: 'features', path, message });
const forTensors = (path: string, message: string): Break => ({ callers: 'tensors', path, message });

const featureBreaks = (from: Release, to: Release): Break[] => {
  const [old, now] = [featuresOf(from), featuresOf(to)];
  const known = new Set(old.map(({ name }) => name));
  return [
    ...old.flatMap((feature) => {
      const other = now.find(({ name }) => name === feature.name);
      const path = `features.${feature.name}`;
      return other === undefined
        ? [forFeatures(path, 'is gone, or has another name: callers who send it are refused')]
        : changedFeature(path, feature, other);
    }),
    ...now
      .filter(({ name, required }) => required && !known.has(name))
      .map(({ name }) => forFeatures(`features.${name}`, 'is new and required')),
  ];
};

const changedFeature = (path: string, old: Feature, now: Feature): Break[] => {
  if (old.type !== now.type) return [forFeatures(`${path}.type`, `was ${old.type}, is ${now.type}`)];
  const breaks: Break[] = [];
  if (now.required && !old.required) breaks.push(forFeatures(`${path}.required`, 'is required now'));
  if (old.unit !== now.unit) breaks.push(forFeatures(`${path}.unit`, 'the same number means something else'));
  return [...breaks, ...narrowed(path, old, now)];
};

/** Categories that were accepted and are refused now. */
const narrowed = (path: string, old: Feature, now: Feature): Break[] => {
  if (old.type !== 'category' || now.type !== 'category' || now.values === undefined) return [];
  if (now.unknown === 'pass') return [];
  if (old.values === undefined) return [forFeatures(`${path}.values`, 'only those listed are accepted now')];
  if (old.unknown === 'pass') return [forFeatures(`${path}.unknown`, 'only those listed are accepted now')];
  const accepted = new Set(now.values);
  const gone = old.values.filter((value) => !accepted.has(value));
  return gone.length === 0 ? [] : [forFeatures(`${path}.values`, `no longer accepted: ${gone.join(', ')}`)];
};

type Outputs = Readonly<Record<string, Output>>;

const outputBreaks = (old: Outputs, now: Outputs): Break[] =>
  Object.entries(old).flatMap(([name, output]) => {
    const other = now[name];
    const path = `outputs.${name}`;
    return other === undefined
      ? [forFeatures(path, 'is gone, or has another name')]
      : changedOutput(path, output, other);
  });

const kindOf = (output: Output): string => {
  if ('lower' in output) return 'interval';
  return 'labels' in output ? 'label' : 'number';
};

const unitOf = (output: Output): string | undefined => ('unit' in output ? output.unit : undefined);
const labelsOf = (output: Output): readonly string[] => ('labels' in output ? output.labels : []);

const changedOutput = (path: string, old: Output, now: Output): Break[] => {
  if (kindOf(old) !== kindOf(now)) return [forFeatures(path, `was a ${kindOf(old)}, is a ${kindOf(now)}`)];
  const breaks: Break[] = [];
  if (unitOf(old) !== unitOf(now))
    breaks.push(forFeatures(`${path}.unit`, 'the same number means something else'));
  if (labelsOf(old).join('\n') !== labelsOf(now).join('\n'))
    breaks.push(forFeatures(`${path}.labels`, 'callers may wait for one that no longer comes'));
  return breaks;
};

const tensorBreaks = (side: string, old: readonly TensorSpec[], now: readonly TensorSpec[]): Break[] => {
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

const rowBreaks = (old: number, now: number): Break[] =>
  now >= old ? [] : [forTensors('batching.maxRows', `a request may have ${now} rows at most, it was ${old}`)];
