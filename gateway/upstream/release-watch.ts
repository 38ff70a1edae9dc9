import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { GoldenCase } from '@sluice/kernel/release/read-golden';
import { compileGolden, type RunGolden } from '@sluice/kernel/release/run-golden';
import type { CallBounds } from '@sluice/kernel/rpc/unary-call';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { type Held, RuntimeLost } from '../core/runtime.ts';
import type { UpstreamRelease } from '../core/served-release.ts';
import { LeastRecent } from './least-recent.ts';

export interface ReleaseWatchOptions {
  readonly release: UpstreamRelease;
  readonly url: string;
  readonly golden: () => Promise<readonly GoldenCase[]>;
  /** Whether the other server says that it is ready to compute the release. */
  readonly isReady: (signal: AbortSignal) => Promise<boolean>;
  /** Asks the other server, and holds the answer against the signature. */
  readonly ask: (inputs: readonly Tensor[], bounds: CallBounds) => Promise<readonly Tensor[]>;
  readonly log: Log;
  /** Between two looks. */
  readonly pollMs: number;
  /** Longest wait for a golden case. */
  readonly goldenMs: number;
}

/** Cases that are run when the other server is met; all of them run at publication. */
const sampleSize = 3;
/** Looks until the cases are run again: after they came out right, and otherwise. */
const looksBetweenCases = { right: 60, wrong: 10 } as const;

type State = Pick<Held, 'state' | 'reason'>;

/** One release on the server that computes it: whether it is there, and answers as the golden cases say. */
export class ReleaseWatch implements AsyncDisposable {
  readonly release: UpstreamRelease;
  /** Round trips of its requests, in microseconds. */
  readonly roundTrips = new LeastRecent();
  readonly #options: ReleaseWatchOptions;
  readonly #check: RunGolden;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #state: State = { state: 'LOADING', reason: 'has not answered yet' };
  /** Looks until the cases are run again; 0: with the next one. */
  #untilCases = 0;
  /** Counts what makes a look that is under way worthless. */
  #losses = 0;
  #looking: Promise<void> | undefined;
  #isWoken = false;
  #endPause: () => void = () => undefined;

  constructor(options: ReleaseWatchOptions) {
    this.release = options.release;
    this.#options = options;
    this.#check = compileGolden(options.release);
    this.#running = this.#run();
  }

  get state(): State {
    return this.#state;
  }

  /** The server could not be reached. */
  lost(reason: string): void {
    this.#losses += 1;
    this.#untilCases = 0;
    this.#put({ state: 'UNAVAILABLE', reason });
  }

  /** No pause before the next look. */
  wake(): void {
    this.#isWoken = true;
    this.#endPause();
  }

  /** An answer did not fit: the golden cases are run with the next look. */
  doubt(): void {
    this.#untilCases = 0;
  }

  /** Looks now, golden cases included. */
  async check(): Promise<State> {
    await this.#looking;
    this.#untilCases = 0;
    await this.#look();
    return this.#state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new SluiceError('CANCELLED', 'the gateway stops'));
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#isWoken = false;
      await this.#look();
      await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    if (this.#isWoken) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#options.pollMs).unref();
    this.#endPause = resolve;
    await promise;
    clearTimeout(timer);
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const losses = this.#losses;
    const found = await this.#find();
    if (this.#closing.signal.aborted || losses !== this.#losses) return;
    if (found !== undefined) this.#put(found);
  }

  /** How it stands; undefined: as before. */
  async #find(): Promise<State | undefined> {
    const { isReady, release } = this.#options;
    try {
      if (!(await isReady(this.#closing.signal))) {
        this.#untilCases = 0;
        return { state: 'UNAVAILABLE', reason: `says that '${release.upstream.model}' is not ready` };
      }
    } catch (error) {
      this.#untilCases = 0;
      return { state: 'UNAVAILABLE', reason: messageOf(error) };
    }
    if (this.#untilCases > 0) {
      this.#untilCases -= 1;
      return undefined;
    }
    return this.#runCases();
  }

  async #runCases(): Promise<State | undefined> {
    const { golden, ask, goldenMs } = this.#options;
    try {
      for (const each of (await golden()).slice(0, sampleSize)) {
        const bounds = { dueAt: performance.now() + goldenMs, signal: this.#closing.signal };
        await this.#check(each, (inputs) => ask(inputs, bounds));
      }
      this.#untilCases = looksBetweenCases.right;
      return { state: 'READY', reason: '' };
    } catch (error) {
      // Being busy, or gone, proves nothing against a release that answered rightly before.
      const isPassing =
        error instanceof RuntimeLost || (error instanceof SluiceError && error.meaning.retryable);
      this.#untilCases = isPassing ? 0 : looksBetweenCases.wrong;
      return isPassing && this.#state.state === 'READY'
        ? undefined
        : { state: 'UNAVAILABLE', reason: messageOf(error) };
    }
  }

  #put(next: State): void {
    const { state, reason } = this.#state;
    this.#state = next;
    if (next.state === state && next.reason === reason) return;
    const { log, url } = this.#options;
    const { model, version } = this.release;
    const line = { model, version, upstream: url };
    if (next.state === 'READY') log.info(line, `${model} ${version} is served by ${url}`);
    else
      log.warn(
        { ...line, reason: next.reason },
        `${model} ${version} is not served by ${url}: ${next.reason}`,
      );
  }
}
