import { isCode } from '@sluice/kernel/errors/codes';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { fromLink } from '@sluice/kernel/link/tensors';
import type { Announcement__Output } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { Answer__Output } from '@sluice/protos/gen/sluice/runtime/v1/Answer';
import type { Failure__Output } from '@sluice/protos/gen/sluice/runtime/v1/Failure';
import type { Computed } from '../core/call.ts';
import type { Held } from '../core/runtime.ts';

/**
 * What an answer of the link brought.
 * @throws SluiceError that of the runtime; Error for a datatype that only a peer of another version can send.
 */
export const computedOf = ({ success, failure }: Answer__Output): Computed => {
  if (success) return { outputs: success.outputs.map(fromLink), timings: success };
  throw errorOf(failure);
};

/** That of the runtime. */
export const errorOf = (failure: Failure__Output | null | undefined): SluiceError => {
  const { code = 'INTERNAL', message = 'the runtime gave an empty answer', retryAfterMs = 0 } = failure ?? {};
  return new SluiceError(isCode(code) ? code : 'INTERNAL', message, retryAfterMs > 0 ? { retryAfterMs } : {});
};

/** What a runtime holds, by `model/version`. */
export const heldOf = ({ releases }: Announcement__Output): ReadonlyMap<string, Held> =>
  new Map(
    releases.map(({ model, version, handle, digest, state, reason }) => [
      `${model}/${version}`,
      { handle, digest, reason, state: state.replace('HELD_STATE_', '') as Held['state'] },
    ]),
  );
