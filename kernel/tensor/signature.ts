import { invalidInput, type Violation } from '../errors/sluice-error.ts';
import { checkTensor } from './check-tensor.ts';
import type { Tensor, TensorSpec } from './tensor.ts';

/** Tensors in and out of a release, in the graph's order. */
export interface TensorSignature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Most rows of a batch; 0: there is no batch axis. */
  readonly maxBatchSize: number;
}

const listed = (specs: readonly TensorSpec[]): string => specs.map((spec) => spec.name).join(', ');

const checkNames = (signature: TensorSignature, tensors: readonly Tensor[]): Violation[] => {
  const known = new Set(signature.inputs.map((spec) => spec.name));
  const seen = new Set<string>();
  const faults: Violation[] = [];
  for (const { name } of tensors) {
    const path = `inputs.${name}`;
    if (!known.has(name))
      faults.push({
        path,
        rule: 'unknown',
        message: `unknown input; the release has ${listed(signature.inputs)}`,
      });
    if (seen.has(name)) faults.push({ path, rule: 'duplicate', message: 'came twice' });
    seen.add(name);
  }
  return faults;
};

const checkBatch = (signature: TensorSignature, tensors: readonly Tensor[]): Violation[] => {
  const rows = tensors[0]?.shape[0];
  if (signature.maxBatchSize === 0 || rows === undefined) return [];
  const other = tensors.find((tensor) => tensor.shape[0] !== rows);
  if (other !== undefined) {
    const message = `the batch axis of all inputs must agree: ${tensors[0]?.name} has ${rows}, ${other.name} has ${other.shape[0]}`;
    return [{ path: `inputs.${other.name}.shape`, rule: 'shape', message }];
  }
  if (rows <= signature.maxBatchSize) return [];
  const message = `batch of ${rows} is larger than the maximum of ${signature.maxBatchSize}`;
  return [{ path: `inputs.${tensors[0]?.name}.shape`, rule: 'shape', message }];
};

/**
 * Inputs in the signature's order, each checked.
 * @throws SluiceError INVALID_INPUT with every fault that was found.
 */
export const checkInputs = (signature: TensorSignature, tensors: readonly Tensor[]): Tensor[] => {
  const faults: Violation[] = [];
  const ordered: Tensor[] = [];
  for (const spec of signature.inputs) {
    const tensor = tensors.find((candidate) => candidate.name === spec.name);
    if (tensor === undefined) {
      faults.push({
        path: `inputs.${spec.name}`,
        rule: 'required',
        message: `missing input of ${spec.datatype} [${spec.shape.join(',')}]`,
      });
    } else {
      faults.push(...checkTensor(tensor, spec));
      ordered.push(tensor);
    }
  }
  // As many tensors as inputs, and every input found: there is none unknown and none twice.
  if (ordered.length !== tensors.length) faults.unshift(...checkNames(signature, tensors));
  if (faults.length === 0) faults.push(...checkBatch(signature, ordered));
  if (faults.length > 0) throw invalidInput(faults);
  return ordered;
};

/** @throws SluiceError INVALID_INPUT when an output is asked for twice, or that the release does not have. */
export const checkOutputs = (signature: TensorSignature, names: readonly string[]): void => {
  if (names.length === 0) return;
  const known = new Set(signature.outputs.map((spec) => spec.name));
  const unknown = `unknown output; the release has ${listed(signature.outputs)}`;
  const twice = 'was asked for more than once';
  const faults = new Map<string, Violation>();
  const seen = new Set<string>();
  for (const name of names) {
    const path = `outputs.${name}`;
    if (!known.has(name)) faults.set(name, { path, rule: 'unknown', message: unknown });
    else if (seen.has(name)) faults.set(name, { path, rule: 'duplicate', message: twice });
    seen.add(name);
  }
  if (faults.size > 0) throw invalidInput([...faults.values()]);
};
