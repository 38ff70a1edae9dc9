import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Candidate } from './route.ts';
import type { Held, Runtime } from './runtime.ts';

export interface OnDemandOptions {
  readonly runtimes: () => readonly Runtime[];
  /** As Balancer's. */
  readonly choose: (release: ReleaseName, without?: Runtime) => Candidate | undefined;
  /** Resolves when a runtime next comes, goes, or announces something. */
  readonly changed: () => Promise<void>;
  /** Whether a release may be given to runtimes; it throws where it may not. */
  readonly check: (release: ReleaseName) => void;
  /** Longest wait of one request. */
  readonly waitMs: number;
  readonly now: () => number;
  /** A request waited; undefined: in vain. */
  readonly onWaited: (ms: number, candidate: Candidate | undefined) => void;
}

/** After a load that failed everywhere requests are refused for so long without another try. */
const pauseMs = 1_000;

/**
 * Who is asked first: one that loads it anyway, one that has it on demand, one that does not know of it yet, or knows
 * other files, which it could not load. Below zero: nobody.
 */
const rankOf = (held: Held | undefined, digest: string): number => {
  const isKnown = held?.state !== 'UNAVAILABLE' || held.digest === digest;
  return ['LOADING', 'ON_DEMAND', undefined].indexOf(isKnown ? held?.state : undefined);
};

/** The runtime that is to load a release: the one with the most room. */
const chooseLoader = (
  runtimes: readonly Runtime[],
  release: ReleaseName,
  except: ReadonlySet<Runtime | undefined>,
): Runtime | undefined =>
  runtimes
    .filter((runtime) => runtime.available && runtime.roomKib !== undefined && !except.has(runtime))
    .map((runtime) => ({
      runtime,
      rank: rankOf(runtime.held(release), release.digest),
      room: runtime.roomKib ?? 0,
    }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank || b.room - a.room)[0]?.runtime;

const within = (ms: number): { readonly late: Promise<'late'>; readonly clear: () => void } => {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), ms);
  return { late, clear: () => clearTimeout(timer) };
};

/** Has releases loaded that no runtime holds when they are asked for; many requests share one load. */
export class OnDemand {
  readonly #options: OnDemandOptions;
  readonly #loads = new Map<string, Promise<boolean>>();
  /** Until when a release is not tried again. */
  readonly #paused = new Map<string, number>();

  constructor(options: OnDemandOptions) {
    this.#options = options;
  }

  /**
   * Waits until a release can be computed; undefined: it cannot, for a reason that the runtimes announce.
   * @param without the runtime that had the request before.
   * @throws the reason of the signal.
   */
  async candidate(
    release: ReleaseName,
    signal: AbortSignal,
    without?: Runtime,
  ): Promise<Candidate | undefined> {
    const { runtimes, now, onWaited, waitMs } = this.#options;
    if (this.#isPaused(release) || chooseLoader(runtimes(), release, new Set([without])) === undefined)
      return undefined;
    const startedAt = now();
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort);
    const { late, clear } = within(waitMs);
    let found: Candidate | undefined;
    try {
      found = await this.#wait(release, without, Promise.race([late, aborted.promise]));
      return found;
    } finally {
      clear();
      signal.removeEventListener('abort', abort);
      onWaited(now() - startedAt, found);
    }
  }

  async #wait(
    release: ReleaseName,
    without: Runtime | undefined,
    late: Promise<'late'>,
  ): Promise<Candidate | undefined> {
    const { choose, changed } = this.#options;
    const loaded = await Promise.race([this.#load(release, without), late]);
    if (loaded !== true) return undefined;
    for (;;) {
      const candidate = choose(release, without);
      // What is in a cell can be sent to when the link to it is open.
      if (candidate !== undefined || (await Promise.race([changed(), late])) === 'late') return candidate;
    }
  }

  #isPaused(release: ReleaseName): boolean {
    const key = keyOf(release);
    const until = this.#paused.get(key);
    if (until === undefined || until > this.#options.now()) return until !== undefined;
    this.#paused.delete(key);
    return false;
  }

  #load(release: ReleaseName, without: Runtime | undefined): Promise<boolean> {
    const key = `${keyOf(release)} ${without?.address ?? ''}`;
    const load =
      this.#loads.get(key) ?? this.#loadSomewhere(release, without).finally(() => this.#loads.delete(key));
    this.#loads.set(key, load);
    return load;
  }

  /** One runtime after the other, until one has it. */
  async #loadSomewhere(release: ReleaseName, without: Runtime | undefined): Promise<boolean> {
    const { runtimes, check, now, waitMs } = this.#options;
    const tried = new Set([without]);
    for (;;) {
      const runtime = chooseLoader(runtimes(), release, tried);
      if (runtime === undefined) break;
      tried.add(runtime);
      const { late, clear } = within(waitMs);
      try {
        check(release);
        if ((await Promise.race([runtime.load(release), late])) !== 'late') return true;
      } catch {
        // Its reason is announced.
      } finally {
        clear();
      }
    }
    this.#paused.set(keyOf(release), now() + pauseMs);
    return false;
  }
}

const keyOf = ({ model, version, digest }: ReleaseName): string => `${model}/${version}/${digest}`;
