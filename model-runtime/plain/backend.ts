import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferRequest } from '@sluice/kernel/oip/decode-request';
import type { InferResponse } from '@sluice/kernel/oip/encode-response';
import type { InferenceBackend } from '@sluice/kernel/oip/inference-backend';
import { countFailure, countSuccess, Statistics } from '@sluice/kernel/oip/statistics';
import type { Release } from '@sluice/kernel/release/release';
import { compareVersions, isPreRelease, sameVersion } from '@sluice/kernel/release/version';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import { checkInputs, checkOutputs } from '@sluice/kernel/tensor/signature';
import type { JobOutcome } from '../core/job.ts';
import { makeJob, wanted } from '../core/make-job.ts';
import type { ReleaseWorker } from '../core/release-worker.ts';
import type { HeldRelease } from '../releases/held-release.ts';
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

const readyState = ({ model, version, state }: HeldRelease) => {
  if (state.kind === 'READY') return state;
  const why = state.kind === 'UNAVAILABLE' ? state.reason : state.kind.toLowerCase();
  throw new SluiceError('RELEASE_UNAVAILABLE', `${model} ${version} is not available: ${why}`, {
    retryAfterMs: 1_000,
  });
};

type Ready = { readonly release: Release; readonly worker: ReleaseWorker };

const compute = ({ release, worker }: Ready, request: InferRequest, scope: CallScope): Promise<JobOutcome> =>
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
      trace: scope.trace,
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
    const ready = readyState(findHeld(holder, request.model, request.version));
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
    find: (model, version) => readyState(findHeld(holder, model, version)).release,
    isReady: () => true,
    versions: (model) =>
      holder
        .all()
        .filter((held) => held.model === model)
        .map(({ version }) => version)
        .sort(compareVersions),
    index: () =>
      holder.all().map(({ model, version, state }) => ({
        model,
        version,
        state: state.kind === 'UNLOADED' ? 'UNAVAILABLE' : state.kind,
        reason: state.kind === 'UNAVAILABLE' ? state.reason : state.kind === 'UNLOADED' ? 'unloaded' : '',
      })),
    load: (model) => holder.load(model),
    unload: (model) => holder.unload(model),
  };
};
