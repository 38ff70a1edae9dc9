import type { Answer, ResolvedCall, TimedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';
import type { Resolver } from '../core/resolve-release.ts';

/** Name and selector → one release, with what the revision says of it. */
export const resolve = (resolver: () => Resolver): Layer<TimedCall, Answer, ResolvedCall, Answer> => {
  return (next) => async (call) => {
    const found = resolver().resolve(call.model, call.version);
    // Waiting for what is there already would cost every request a turn.
    const resolution = found instanceof Promise ? await found : found;
    const { served, parameters, warnings } = resolution;
    call.trail.resolution = resolution;
    const { model, version } = served.release;
    call.scope.span.setAttributes({
      'sluice.model': model,
      'sluice.selector': call.version,
      'sluice.release.version': version,
      'sluice.prediction_id': call.predictionId,
    });
    return next({ ...call, served, parameters, warnings });
  };
};
