import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferRequest } from '@sluice/kernel/oip/decode-request';
import type { InferResponse } from '@sluice/kernel/oip/encode-response';
import type { IndexEntry, InferenceBackend } from '@sluice/kernel/oip/inference-backend';
import { countFailure, countSuccess, Statistics } from '@sluice/kernel/oip/statistics';
import type { Release } from '@sluice/kernel/release/release';
import { compareVersions, isPreRelease, sameVersion } from '@sluice/kernel/release/version';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import { checkInputs, checkOutputs } from '@sluice/kernel/tensor/signature';
import type { JobOutcome } from '../core/job.ts';
import { makeJob, wanted } from '../core/make-job.ts';
import { type HeldRelease, reasonOf, type Served, servedOf } from '../releases/held-release.ts';
import type { ReleaseHolder } from '../releases/holder.ts';

/** The highest that is not a pre-release, else the highest. */
const latest = (held: readonly HeldRelease[]): HeldRelease | undefined =>
  held.find(({ version }) => !isPreRelease(version)) ?? held[0];

const findHeld = (holder: ReleaseHolder, model: string, version: string): HeldRelease => {
  const versions = holder
    .all()
    .filter((held) => held.model === model)
    .sort((a, b) => compareVersions(a.version, b.version));
  if (versions.length === 0)
    throw new SluiceError('MODEL_NOT_FOUND', `Request for unknown model: '${model}' is not found`);
  const held =
    version === '' ? latest(versions) : versions.find((each) => sameVersion(each.version, version));
  if (held !== undefined) return held;
  const known = versions.map((each) => each.version).join(', ');
  throw new SluiceError('RELEASE_NOT_FOUND', `model '${model}' has no version '${version}'; it has ${known}`);
};

/** A release that is loaded now, if it is not yet. */
const demanded = async (holder: ReleaseHolder, held: HeldRelease, { abort }: CallScope): Promise<Served> => {
  if (held.state.kind !== 'ON_DEMAND') return served(held);
  const { promise: given, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(fromUnknown(abort.signal.reason));
  abort.signal.addEventListener('abort', giveUp);
  try {
    return await Promise.race([holder.demand(held), given]);
  } finally {
    abort.signal.removeEventListener('abort', giveUp);
  }
};

const served = (held: HeldRelease): Served => {
  const found = servedOf(held);
  if (found !== undefined) return found;
  const { model, version, state } = held;
  const code = state.kind === 'QUARANTINED' ? 'RELEASE_QUARANTINED' : 'RELEASE_UNAVAILABLE';
  const why = reasonOf(held) || state.kind.toLowerCase();
  throw new SluiceError(code, `${model} ${version} is not available: ${why}`, { retryAfterMs: 1_000 });
};

/** As the protocol says it. */
const stateOf = ({ state }: HeldRelease): IndexEntry['state'] => {
  if (state.kind === 'IN_CELL') return 'READY';
  if (state.kind === 'ON_DEMAND') return state.reason === undefined ? 'READY' : 'UNAVAILABLE';
  return state.kind === 'READY' || state.kind === 'LOADING' ? state.kind : 'UNAVAILABLE';
};

const compute = ({ release, worker }: Served, request: InferRequest, scope: CallScope): Promise<JobOutcome> =>
  new Promise((resolve) => {
    const enqueuedAt = performance.now();
    const { priority, timeoutUs = Number.POSITIVE_INFINITY } = request.parameters;
    const deadlineAt = Math.min(scope.deadlineAt, enqueuedAt + timeoutUs / 1000);
    const inputs = checkInputs(release.signature, request.inputs);
    const job = makeJob(release, {
      inputs,
      priority,
      enqueuedAt,
      deadlineAt,
      trace: scope.sampledTrace,
      settle: resolve,
    });
    scope.abort.signal.addEventListener('abort', () => {
      worker.cancel(job);
      resolve({ error: fromUnknown(scope.abort.signal.reason) });
    });
    const refused = worker.submit(job);
    if (refused !== undefined) resolve({ error: refused });
  });

const rowsOf = ({ signature }: Release, request: InferRequest): number =>
  signature.maxBatchSize === 0 ? 1 : (request.inputs[0]?.shape[0] ?? 1);

/** The runtime alone, behind the plain Open Inference Protocol. */
export const plainBackend = (holder: ReleaseHolder): InferenceBackend => {
  const statistics = new Statistics();
  const infer = async (request: InferRequest, scope: CallScope): Promise<InferResponse> => {
    const ready = await demanded(holder, findHeld(holder, request.model, request.version), scope);
    const { model, version } = ready.release;
    const counts = statistics.of(ready.release);
    const elapsedUs = () => (performance.now() - scope.arrivedAt) * 1000;
    try {
      checkOutputs(ready.release.signature, request.outputs);
      const outcome = await compute(ready, request, scope);
      if ('error' in outcome) throw outcome.error;
      countSuccess(counts, rowsOf(ready.release, request), elapsedUs(), outcome.timings);
      return {
        model,
        version,
        id: request.id,
        outputs: wanted(outcome.outputs, request.outputs),
        parameters: {},
      };
    } catch (thrown) {
      const error = fromUnknown(thrown);
      countFailure(counts, error.meaning.reason, elapsedUs());
      throw error;
    }
  };
  return {
    statistics,
    infer,
    ready: () => holder.ready,
    find: async (model, version) => served(findHeld(holder, model, version)).release,
    isReady: () => true,
    versions: (model) =>
      holder
        .all()
        .filter((held) => held.model === model)
        .map(({ version }) => version)
        .sort(compareVersions),
    index: () =>
      holder.all().map((held) => ({
        model: held.model,
        version: held.version,
        state: stateOf(held),
        reason: reasonOf(held),
      })),
    load: (model) => holder.load(model),
    unload: (model) => holder.unload(model),
  };
};
