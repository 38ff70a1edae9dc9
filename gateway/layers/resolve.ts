import type { Revision } from '@sluice/kernel/revision/revision';
import type { Answer, ResolvedCall, TimedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';
import { resolveRelease } from '../core/resolve-release.ts';
import type { ReleaseIndex } from '../core/served-release.ts';

export interface ResolveOptions {
  readonly index: () => ReleaseIndex;
  readonly revision: () => Revision;
}

/** Name and version → one release, with the revision's parameters for it. */
export const resolve = ({
  index,
  revision,
}: ResolveOptions): Layer<TimedCall, Answer, ResolvedCall, Answer> => {
  return (next) => async (call) => {
    const current = revision();
    const served = resolveRelease(index(), current, call.model, call.version);
    const { model, version } = served.release;
    call.scope.span.setAttributes({
      'sluice.model': model,
      'sluice.release.version': version,
      'sluice.prediction_id': call.predictionId,
    });
    return next({ ...call, served, parameters: current.models[call.model]?.parameters ?? {} });
  };
};
