import { nameOutputs } from '@sluice/kernel/features/name-outputs';
import type { Answer, Computed, ResolvedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';

/** Labels, cut-offs and names for the outputs of a call that asked with features. */
export const postprocess = (now: () => number): Layer<ResolvedCall, Answer, ResolvedCall, Computed> => {
  return (next) => async (call) => {
    const { outputs, timings } = await next(call);
    const { release } = call.served;
    const named = call.input.kind === 'features' ? nameOutputs(release, outputs, call.parameters) : undefined;
    const { arrivedAt } = call.scope;
    const { predictionId, warnings } = call;
    return {
      predictionId,
      release,
      tensors: outputs,
      named,
      timings,
      warnings,
      totalMs: now() - arrivedAt,
    };
  };
};
