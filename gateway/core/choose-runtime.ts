import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Held, Runtime } from './runtime.ts';

export interface Choice {
  readonly runtime: Runtime;
  readonly handle: number;
}

/** When it is worth asking again for a release that no runtime can serve. */
const retryAfterMs = 1_000;

const serves = (held: Held | undefined, digest: string): held is Held =>
  held?.state === 'READY' && held.digest === digest;

/** The least busy runtime that holds the release with the digest that the store has. */
export const chooseRuntime = (
  runtimes: readonly Runtime[],
  release: ReleaseName,
  without: Runtime | undefined,
): Choice | undefined => {
  let best: Choice | undefined;
  for (const runtime of runtimes) {
    if (runtime === without || !runtime.available) continue;
    if (best !== undefined && best.runtime.inFlight <= runtime.inFlight) continue;
    const held = runtime.held(release);
    if (serves(held, release.digest)) best = { runtime, handle: held.handle };
  }
  return best;
};

const reasonOf = (runtime: Runtime, release: ReleaseName): string => {
  if (!runtime.available) return `${runtime.address} is not reachable`;
  const held = runtime.held(release);
  if (held === undefined) return `${runtime.address} does not hold it`;
  if (held.state === 'READY')
    return `${runtime.address} holds other files (${held.digest}) than the store (${release.digest})`;
  return `${runtime.address}: ${held.reason || held.state.toLowerCase()}`;
};

/** Why no runtime can serve a release. */
export const unavailable = (runtimes: readonly Runtime[], release: ReleaseName): SluiceError => {
  const reasons = runtimes.map((runtime) => reasonOf(runtime, release)).join('; ');
  return new SluiceError(
    'RELEASE_UNAVAILABLE',
    `${release.model} ${release.version} is not available: ${reasons}`,
    { retryAfterMs },
  );
};

/** READY, where a runtime can serve the release, else the most hopeful state with its reason. */
export const stateOf = (
  runtimes: readonly Runtime[],
  release: ReleaseName,
): { readonly state: Held['state']; readonly reason: string } => {
  if (chooseRuntime(runtimes, release, undefined) !== undefined) return { state: 'READY', reason: '' };
  const states = runtimes.filter(({ available }) => available).map((runtime) => runtime.held(release)?.state);
  const state = states.includes('LOADING')
    ? 'LOADING'
    : states.includes('UNLOADED')
      ? 'UNLOADED'
      : 'UNAVAILABLE';
  return { state, reason: runtimes.map((runtime) => reasonOf(runtime, release)).join('; ') };
};
