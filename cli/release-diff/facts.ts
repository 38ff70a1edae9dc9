import { featuresOf } from '@sluice/kernel/features/features-of';
import type { Release } from '@sluice/kernel/release/release';

/** What a release says, by path: `features.tenure.unit`. What is the same on both sides need not be shown. */
export type Facts = ReadonlyMap<string, unknown>;

type Tree = Readonly<Record<string, unknown>>;

/** What has a name, under its name. */
const byName = (items: readonly { readonly name: string }[]): Tree =>
  Object.fromEntries(items.map(({ name, ...rest }) => [name, rest]));

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

const leaves = (path: string, value: unknown): [string, unknown][] =>
  isTree(value)
    ? Object.entries(value).flatMap(([name, below]) => leaves(path === '' ? name : `${path}.${name}`, below))
    : [[path, value]];

/** Everything but the name: tensors, features and outputs by name, and every other key of the manifest. */
export const factsOf = (release: Release): Facts => {
  const { manifest, signature, batching } = release;
  const { apiVersion: _, model: __, version: ___, signature: ____, ...declared } = manifest ?? {};
  const tree: Tree = {
    ...declared,
    inputs: byName(signature.inputs),
    outputs: manifest?.outputs ?? {},
    outputTensors: byName(signature.outputs),
    features: byName(featuresOf(release)),
    rules: Object.fromEntries((manifest?.rules ?? []).map(({ code, ...rest }) => [code, rest])),
    ...(release.given === undefined ? {} : { schema: JSON.stringify(release.given.schema) }),
    batching: { ...batching, maxRows: signature.maxBatchSize },
  };
  return new Map(leaves('', tree));
};
