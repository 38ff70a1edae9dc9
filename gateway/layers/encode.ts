import type { Computed, EncodedCall, ResolvedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';

/** Named features → tensors, as the manifest says; tensors pass as they are. */
export const encode = (): Layer<ResolvedCall, Computed, EncodedCall, Computed> => {
  return (next) => (call) => {
    const { input, served } = call;
    return input.kind === 'features'
      ? next({ ...call, tensors: served.encode(input.features), outputs: [] })
      : next({ ...call, tensors: input.tensors, outputs: input.outputs });
  };
};
