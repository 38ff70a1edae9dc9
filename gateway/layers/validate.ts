import { invalidInput } from '@sluice/kernel/errors/sluice-error';
import { checkInputs, checkOutputs } from '@sluice/kernel/tensor/signature';
import type { CallInput, Judged, ResolvedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';
import type { ServedRelease } from '../core/served-release.ts';

/** The input as it was checked; tensors come out in the signature's order. */
const checked = (input: CallInput, { release, schema }: ServedRelease): CallInput => {
  if (input.kind === 'features') {
    const found = schema.check(input.features);
    if ('violations' in found) throw invalidInput(found.violations);
    return { kind: 'features', features: found.value };
  }
  checkOutputs(release.signature, input.outputs);
  return { ...input, tensors: checkInputs(release.signature, input.tensors) };
};

/** Holds the input against the release: features against its schema, tensors against the signature. */
export const validate = (): Layer<ResolvedCall, Judged, ResolvedCall, Judged> => {
  return (next) => (call) => next({ ...call, input: checked(call.input, call.served) });
};
