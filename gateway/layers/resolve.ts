import type { Answer, ResolvedCall, TimedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';
import type { Resolution, Resolver } from '../core/resolve-release.ts';

const noted = (call: TimedCall, resolution: Resolution): ResolvedCall => {
  const { served, parameters, warnings } = resolution;
  call.trail.resolution = resolution;
  const { model, version } = served.release;
  call.scope.span.setAttributes({
    'sluice.model': model,
    'sluice.selector': call.version,
    'sluice.release.version': version,
    'sluice.prediction_id': call.predictionId,
  });
  return { ...call, served, parameters, warnings };
};

/** Name and selector → one release, with what the revision says of it. */
export const resolve = (resolver: () => Resolver): Layer<TimedCall, Answer, ResolvedCall, Answer> => {
  return (next) => (call) => {
    const found = resolver().resolve(call.model, call.version);
    return found instanceof Promise
      ? found.then((resolution) => next(noted(call, resolution)))
      : next(noted(call, found));
  };
};
