import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { InferTimings } from '@sluice/kernel/oip/statistics';
import type { GoldenCase } from '@sluice/kernel/release/read-golden';
import type { Release, ReleaseName } from '@sluice/kernel/release/release';
import type { InferBounds, InferenceClient } from '@sluice/kernel/rpc/inference-client';
import type { Log } from '@sluice/kernel/telemetry/log';
import { checkAnswer } from '@sluice/kernel/tensor/check-answer';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Computed } from '../core/call.ts';
import { type Held, type ReleaseServer, RuntimeLost, type RuntimeRequest } from '../core/runtime.ts';
import type { UpstreamRelease } from '../core/served-release.ts';
import { ReleaseWatch } from './release-watch.ts';
import { strangeAnswer, upstreamFault } from './upstream-fault.ts';

export interface UpstreamLimits {
  /** Between two looks at a release. */
  readonly pollMs: number;
  /** How long the server may leave a look unanswered before it counts as away. */
  readonly silenceMs: number;
  /** Calls under way at once. */
  readonly maxInFlight: number;
  /** Longest wait for a golden case. */
  readonly goldenMs: number;
}

export interface UpstreamServerOptions {
  /** As the manifests write it: grpc://host:port. */
  readonly url: string;
  readonly client: InferenceClient;
  readonly golden: (release: Release) => Promise<readonly GoldenCase[]>;
  readonly log: Log;
  readonly limits: UpstreamLimits;
}

type Asked = Pick<RuntimeRequest, 'inputs' | 'outputs' | 'priority'>;

const keyOf = ({ model, version }: Pick<ReleaseName, 'model' | 'version'>): string => `${model}/${version}`;

/**
 * Another server of the Open Inference Protocol as a runtime: holds those releases whose manifests name
 * its URL, and no others.
 */
export class UpstreamServer implements ReleaseServer, AsyncDisposable {
  readonly kind = 'upstream';
  readonly address: string;
  readonly #options: UpstreamServerOptions;
  readonly #held = new Map<string, ReleaseWatch>();
  #available = false;
  #inFlight = 0;

  constructor(options: UpstreamServerOptions) {
    this.address = options.url;
    this.#options = options;
  }

  /** It answered when it was last spoken to. */
  get available(): boolean {
    return this.#available;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get releases(): readonly ReleaseWatch[] {
    return [...this.#held.values()];
  }

  held(release: Pick<ReleaseName, 'model' | 'version'>): Held | undefined {
    const found = this.#held.get(keyOf(release));
    return found && { handle: 0, digest: found.release.digest, ...found.state };
  }

  /** Begins to look after a release; other bytes under the same name take the place of the earlier ones. */
  hold(release: UpstreamRelease): void {
    const known = this.#held.get(keyOf(release));
    if (known?.release.digest === release.digest) return;
    this.#held.set(keyOf(release), this.#lookAfter(release));
    void known?.[Symbol.asyncDispose]();
  }

  /** Looks at a release now, golden cases included. */
  check(release: ReleaseName): Promise<Pick<Held, 'state' | 'reason'>> {
    return this.#heldBy(release).check();
  }

  /** Looks after a release no more. */
  drop(release: Pick<ReleaseName, 'model' | 'version'>): void {
    void this.#held.get(keyOf(release))?.[Symbol.asyncDispose]();
    this.#held.delete(keyOf(release));
  }

  /** Asks for one request; what its round trip took is split as `timingsOf` says. */
  async infer(request: RuntimeRequest, signal: AbortSignal): Promise<Computed> {
    const held = this.#heldBy(request.release);
    const { maxInFlight } = this.#options.limits;
    if (this.#inFlight >= maxInFlight)
      throw new SluiceError('QUEUE_FULL', `${maxInFlight} calls are under way at ${this.address}`);
    const { dueAt, trace } = request;
    const startedAt = performance.now();
    this.#inFlight += 1;
    try {
      const outputs = await this.#ask(held.release, request, { dueAt, signal, trace });
      return { outputs, timings: timingsOf(held, startedAt) };
    } catch (error) {
      if (error instanceof RuntimeLost) this.#lostRequest(error.message);
      else if (error instanceof SluiceError && error.code === 'COMPUTE_FAILED') held.doubt();
      throw error;
    } finally {
      this.#inFlight -= 1;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.releases.map((each) => each[Symbol.asyncDispose]()));
    this.#options.client[Symbol.dispose]();
  }

  #heldBy({ model, version }: ReleaseName): ReleaseWatch {
    const found = this.#held.get(keyOf({ model, version }));
    if (found !== undefined) return found;
    throw new SluiceError('RELEASE_UNAVAILABLE', `${this.address} is not known to serve ${model} ${version}`);
  }

  #lookAfter(release: UpstreamRelease): ReleaseWatch {
    const { golden, log, limits, url } = this.#options;
    return new ReleaseWatch({
      release,
      url,
      log,
      pollMs: limits.pollMs,
      goldenMs: limits.goldenMs,
      golden: () => golden(release),
      isReady: (signal) => this.#isReady(release, signal),
      ask: (inputs, bounds) =>
        this.#ask(release, { inputs, outputs: [], priority: 0 }, { ...bounds, trace: undefined }),
    });
  }

  async #isReady({ upstream }: UpstreamRelease, signal: AbortSignal): Promise<boolean> {
    const { client, limits } = this.#options;
    try {
      const dueAt = performance.now() + limits.silenceMs;
      const ready = await client.modelReady(upstream.model, upstream.version, { dueAt, signal });
      this.#available = true;
      return ready;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const error = fromUnknown(thrown);
      const isAway = error.code === 'RUNTIME_LOST' || error.code === 'DEADLINE_EXCEEDED';
      if (isAway) this.#lost(error.message);
      else this.#available = true;
      throw error;
    }
  }

  /** @throws RuntimeLost, or the SluiceError that our caller is to see. */
  async #ask(
    { signature, upstream }: UpstreamRelease,
    { inputs, outputs, priority }: Asked,
    bounds: InferBounds,
  ): Promise<readonly Tensor[]> {
    // By name even where all are wanted: MLServer's runtimes answer only one when none is named.
    const names = outputs.length > 0 ? outputs : signature.outputs.map(({ name }) => name);
    const { model, version } = upstream;
    const request = { model, version, id: '', inputs, outputs: names, priority };
    const answer = await this.#options.client.infer(request, bounds).catch((thrown: unknown) => {
      throw upstreamFault(this.address, fromUnknown(thrown));
    });
    const checked = checkAnswer(signature, names, inputs[0]?.shape[0], answer.outputs);
    if ('faults' in checked) throw strangeAnswer(this.address, checked.faults);
    return checked.value;
  }

  /** It may have been this request only: each release is looked at at once. */
  #lostRequest(reason: string): void {
    this.#lost(reason);
    for (const each of this.#held.values()) each.wake();
  }

  #lost(reason: string): void {
    const { log, url } = this.#options;
    if (this.#available) log.warn({ runtime: url, reason, in_flight: this.#inFlight }, 'runtime is lost');
    this.#available = false;
    for (const each of this.#held.values()) each.lost(reason);
  }
}

/**
 * What the round trip took beyond the least one of the release's last five to ten seconds counts as
 * time in a queue, the rest as computing: the other server does not say how long a request waited.
 */
const timingsOf = ({ roundTrips }: ReleaseWatch, startedAt: number): InferTimings => {
  const endedAt = performance.now();
  const roundTripUs = (endedAt - startedAt) * 1000;
  const computeInferUs = roundTrips.observe(roundTripUs, endedAt);
  return {
    queueUs: roundTripUs - computeInferUs,
    computeInputUs: 0,
    computeInferUs,
    computeOutputUs: 0,
    batchSize: 1,
    leadsBatch: true,
  };
};
