import { evaluationFaults } from '../evaluation/measured-output.ts';
import { compileRules } from '../rules/compile-rules.ts';
import { limitFaults } from '../schema/limit-faults.ts';
import type { TensorSignature } from '../tensor/signature.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import { outputFaults } from './check-outputs.ts';
import type { Manifest } from './manifest.ts';
import type { Feature, SingleFeature } from './manifest-features.ts';
import { orElse } from './nearest.ts';
import { refuseManifest } from './package-error.ts';

/**
 * Holds a manifest against the tensors: every feature has a tensor with its column, every tensor is
 * fed wholly, every output exists, every rule and derived feature names what there is.
 * @throws PackageError naming every fault.
 */
export const checkManifest = (manifest: Manifest, signature: TensorSignature): void => {
  const faults = [
    ...featureFaults(manifest.features, signature.inputs),
    ...outputFaults(manifest.outputs, signature),
    ...evaluationFaults(manifest),
  ];
  // Rules speak of features and outputs: whether they do so rightly shows when those are right.
  if (faults.length === 0) faults.push(...ruleFaults(manifest, signature));
  refuseManifest(faults);
};

const ruleFaults = (manifest: Manifest, signature: TensorSignature): readonly string[] => {
  const compiled = compileRules({ manifest, signature });
  return 'faults' in compiled ? compiled.faults : [];
};

/** Elements of one row; -1: any number. */
const columnsOf = ({ shape }: TensorSpec): number =>
  shape.length === 2 ? (shape[1] ?? 1) : Math.max(1, shape[0] ?? 1);

const featureFaults = (features: readonly Feature[], inputs: readonly TensorSpec[]): string[] => {
  if (features.length === 0) return [];
  const faults = duplicates(features.map((feature) => feature.name)).map(
    (name) => `features: ${name} is there twice`,
  );
  for (const [index, feature] of features.entries())
    faults.push(...faultsOfFeature(feature, inputs), ...overlapFaults(feature, features.slice(0, index)));
  for (const spec of inputs) {
    if (features.some((feature) => feature.type === 'tensor' && feature.tensor === spec.name)) continue;
    const fed = new Set(features.filter(({ tensor }) => tensor === spec.name).map(({ column }) => column));
    if (columnsOf(spec) !== -1 && fed.size < columnsOf(spec)) {
      faults.push(`features: input ${spec.name} has ${columnsOf(spec)} columns, ${fed.size} are fed`);
    }
  }
  return faults;
};

/** Two features for one element: the later one would silently win. */
const overlapFaults = (feature: Feature, earlier: readonly Feature[]): string[] => {
  const { name, tensor, column } = feature;
  const same = earlier.filter((other) => other.tensor === tensor && other.name !== name);
  const whole = feature.type === 'tensor' ? same[0] : same.find((other) => other.type === 'tensor');
  if (whole !== undefined) return [`features.${name}.tensor: ${tensor} is fed whole by ${whole.name}`];
  const twin = same.find((other) => other.column === column);
  return twin === undefined ? [] : [`features.${name}.column: ${column} of ${tensor} is fed by ${twin.name}`];
};

const faultsOfFeature = (feature: Feature, inputs: readonly TensorSpec[]): string[] => {
  const path = `features.${feature.name}`;
  const spec = inputs.find(({ name }) => name === feature.tensor);
  if (spec === undefined)
    return [`${path}.tensor: there is no input ${feature.tensor}${orElse(feature.tensor, namesOf(inputs))}`];
  if (feature.type === 'tensor') return [];
  if (spec.shape.length > 2)
    return [`${path}.tensor: ${feature.tensor} has ${spec.shape.length} axes, features need 1 or 2`];
  if (spec.shape.length === 2 && (spec.shape[0] ?? 1) > 1)
    return [`${path}.tensor: ${feature.tensor} has ${spec.shape[0]} rows, features fill one`];
  const columns = columnsOf(spec);
  if (columns !== -1 && feature.column >= columns) return [`${path}.column: ${feature.column} of ${columns}`];
  return kindFaults(feature, spec, path);
};

const kindFaults = (feature: SingleFeature, spec: TensorSpec, path: string): string[] => {
  const text = feature.type === 'category' && feature.as === 'string';
  // Half floats travel as bits that nothing here can make, and two is no boolean.
  const unfit =
    spec.datatype === 'FP16' ||
    spec.datatype === 'BF16' ||
    (spec.datatype === 'BOOL' && feature.type !== 'boolean');
  if (text !== (spec.datatype === 'BYTES') || unfit)
    return [`${path}: a ${feature.type} cannot fill ${spec.name} of ${spec.datatype}`];
  const faults = limitFaults(feature, spec.datatype).map((fault) => `${path}.${fault}`);
  if (feature.type !== 'category' || faults.length > 0) return faults;
  if (feature.as === 'index' && feature.values === undefined) return [`${path}.values: as: index needs them`];
  const { values, default: fallback } = feature;
  const strange = values !== undefined && fallback !== undefined && !values.includes(fallback);
  return strange ? [`${path}.default: ${fallback} is not one of values`] : [];
};

const namesOf = (specs: readonly TensorSpec[]): string[] => specs.map(({ name }) => name);

const duplicates = (names: readonly string[]): string[] =>
  names.filter((name, index) => names.indexOf(name) !== index);
