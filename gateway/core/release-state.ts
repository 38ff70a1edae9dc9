import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Held, ReleaseServer } from './runtime.ts';

/** When it is worth asking again for a release that no runtime can serve. */
const retryAfterMs = 1_000;

/** Whether a runtime that announced this can serve the files that the store has. */
export const serves = (held: Held | undefined, digest: string): held is Held =>
  held?.state === 'READY' && held.digest === digest;

const words = {
  IN_CELL: 'its cell is not reachable',
  ON_DEMAND: 'loaded when somebody asks for it',
} as const;

const wordsFor = ({ state }: Held): string =>
  state === 'IN_CELL' || state === 'ON_DEMAND' ? words[state] : state.toLowerCase();

const reasonOf = (runtime: ReleaseServer, release: ReleaseName): string => {
  if (!runtime.available) return `${runtime.address} is not reachable`;
  const held = runtime.held(release);
  if (held === undefined) return `${runtime.address} does not hold it`;
  if (held.state === 'READY')
    return `${runtime.address} holds other files (${held.digest}) than the store (${release.digest})`;
  return `${runtime.address}: ${held.reason || wordsFor(held)}`;
};

const reasonsOf = (runtimes: readonly ReleaseServer[], release: ReleaseName): string =>
  runtimes.map((runtime) => reasonOf(runtime, release)).join('; ');

const statesOf = (runtimes: readonly ReleaseServer[], release: ReleaseName): (Held['state'] | undefined)[] =>
  runtimes
    .filter(({ available }) => available)
    .map((runtime) => runtime.held(release))
    // One that could not be loaded lately is not at hand.
    .map((held) => (held?.state === 'ON_DEMAND' && held.reason !== '' ? 'UNAVAILABLE' : held?.state));

/** Why no runtime can serve a release: RELEASE_QUARANTINED where one says so, else RELEASE_UNAVAILABLE. */
export const unavailable = (runtimes: readonly ReleaseServer[], release: ReleaseName): SluiceError => {
  const isQuarantined = statesOf(runtimes, release).includes('QUARANTINED');
  return new SluiceError(
    isQuarantined ? 'RELEASE_QUARANTINED' : 'RELEASE_UNAVAILABLE',
    `${release.model} ${release.version} is not available: ${reasonsOf(runtimes, release)}`,
    { retryAfterMs },
  );
};

/** What callers are told about a release that cannot be served. */
export type ReleaseState = 'LOADING' | 'READY' | 'UNLOADED' | 'UNAVAILABLE' | 'ON_DEMAND';

/** The most hopeful first. A cell that is not reachable yet is about to be. */
const hopes: readonly (readonly [Held['state'], ReleaseState])[] = [
  ['LOADING', 'LOADING'],
  ['IN_CELL', 'LOADING'],
  ['ON_DEMAND', 'ON_DEMAND'],
  ['UNLOADED', 'UNLOADED'],
];

/** READY, where a runtime can serve the release, else the most hopeful state with its reason. */
export const stateOf = (
  runtimes: readonly ReleaseServer[],
  release: ReleaseName,
): { readonly state: ReleaseState; readonly reason: string } => {
  if (runtimes.some((runtime) => runtime.available && serves(runtime.held(release), release.digest)))
    return { state: 'READY', reason: '' };
  const states = statesOf(runtimes, release);
  const [, state = 'UNAVAILABLE'] = hopes.find(([held]) => states.includes(held)) ?? [];
  return { state, reason: state === 'ON_DEMAND' ? '' : reasonsOf(runtimes, release) };
};
