import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Computed, EncodedCall } from '../core/call.ts';
import type { Handler } from '../core/layers.ts';
import { unavailable } from '../core/release-state.ts';
import { type ReleaseServer, RuntimeLost } from '../core/runtime.ts';
import { isUpstream, type UpstreamRelease } from '../core/served-release.ts';

export interface DispatchUpstreamOptions {
  /** The server that the release's manifest names. */
  readonly upstreamOf: (release: UpstreamRelease) => ReleaseServer;
  /** For every other release. */
  readonly toRuntimes: Handler<EncodedCall, Computed>;
}

const toUpstream = async (
  call: EncodedCall,
  release: UpstreamRelease,
  server: ReleaseServer,
): Promise<Computed> => {
  const held = server.held(release);
  if (!server.available || held?.state !== 'READY') throw unavailable([server], release);
  const { tensors: inputs, outputs, dueAt, priority, scope } = call;
  const { trace } = scope;
  const request = { release, handle: held.handle, inputs, outputs, dueAt, priority, trace, again: false };
  try {
    return await server.infer(request, scope.abort.signal);
  } catch (error) {
    if (!(error instanceof RuntimeLost)) throw error;
    const { model, version } = release;
    const what = `${server.address} was lost while it computed ${model} ${version}: ${error.message}`;
    throw new SluiceError('RUNTIME_LOST', what, { retryAfterMs: 1_000 });
  }
};

/**
 * A release of kind upstream goes to the one server that its manifest names: there is no other one to
 * choose, and none to send to what was lost. All others go to the runtimes.
 */
export const dispatchUpstream = (options: DispatchUpstreamOptions): Handler<EncodedCall, Computed> => {
  return (call) => {
    const { release } = call.served;
    return isUpstream(release)
      ? toUpstream(call, release, options.upstreamOf(release))
      : options.toRuntimes(call);
  };
};
