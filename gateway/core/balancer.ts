import type { Code } from '@sluice/kernel/errors/codes';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ReleaseName } from '@sluice/kernel/release/release';
import { chooseOfTwo } from './choose-of-two.ts';
import { type Candidate, Route } from './route.ts';
import type { Runtime } from './runtime.ts';
import { type EjectionReason, Standing, type StandingOptions } from './standing.ts';

export interface BalancerOptions extends StandingOptions {
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly onEjected: (runtime: Runtime, reason: EjectionReason, lastsMs: number) => void;
}

/** Errors of a runtime's own; whatever else it answers is the caller's fault, or a queue that is full. */
const faults: ReadonlySet<Code> = new Set<Code>(['INTERNAL', 'COMPUTE_FAILED']);

/**
 * Chooses runtimes for requests: the less loaded of two at random, none that is ejected while another
 * can serve. Who serves what is kept per release and made anew when something has changed.
 */
export class Balancer {
  readonly #options: BalancerOptions;
  readonly #routes = new WeakMap<ReleaseName, Route>();
  #standings = new Map<Runtime, Standing>();
  #generation = 0;
  #answers = 0;

  constructor(options: BalancerOptions) {
    this.#options = options;
  }

  get runtimes(): readonly Runtime[] {
    return [...this.#standings.keys()];
  }

  /** These are the runtimes now; what they hold, or whether they are available, may have changed. */
  update(runtimes: Iterable<Runtime>): void {
    const now = this.#options.now();
    const next = new Map<Runtime, Standing>();
    for (const runtime of runtimes)
      next.set(runtime, this.#standings.get(runtime) ?? new Standing(this.#options));
    this.#standings = next;
    this.#generation += 1;
    for (const [runtime, standing] of next) this.#noteAvailability(runtime, standing, now);
  }

  /** A runtime's connection broke: it is not trusted at once when it is back. */
  lost(runtime: Runtime): void {
    const standing = this.#standings.get(runtime);
    if (standing !== undefined) standing.wasLost = true;
  }

  /** For a request; `without`: the runtime that had it before. */
  choose(release: ReleaseName, without?: Runtime): Candidate | undefined {
    const { random, now } = this.#options;
    const { candidates, eligible } = this.#routeOf(release);
    if (without === undefined) return chooseOfTwo(eligible, random, now);
    const others = eligible.filter(({ runtime }) => runtime !== without);
    if (others.length > 0) return chooseOfTwo(others, random, now);
    return chooseOfTwo(
      candidates.filter(({ runtime }) => runtime !== without),
      random,
      now,
    );
  }

  /** Whether a runtime that is in good standing could take a request of this one. */
  hasOther(release: ReleaseName, than: Runtime): boolean {
    const now = this.#options.now();
    return this.#routeOf(release).candidates.some(
      ({ runtime, standing }) => runtime !== than && !standing.isEjected(now),
    );
  }

  answered({ standing, route }: Candidate, timings: { computeInferUs: number; batchSize: number }): void {
    route.measured(timings.computeInferUs, timings.batchSize);
    this.#answers += 1;
    standing.answered(this.#answers);
  }

  /**
   * A runtime answered with an error. Faults that others give too are those of a release or of its
   * input: it is ejected for faults in a row while another one has answered.
   */
  failed({ runtime, standing }: Candidate, { code }: SluiceError): void {
    if (!faults.has(code)) return;
    const since = standing.failed(this.#answers);
    if (since === undefined) return;
    const others = [...this.#standings.values()].filter((other) => other !== standing);
    if (others.some(({ lastAnswer }) => lastAnswer > since)) this.eject(runtime, 'faults');
  }

  /** No new requests for a while, where another one can serve; nothing happens to the last one in good standing. */
  eject(runtime: Runtime, reason: EjectionReason): void {
    const now = this.#options.now();
    const standing = this.#standings.get(runtime);
    if (standing === undefined || standing.isEjected(now) || !this.#isAnotherGood(runtime, now)) return;
    const lastsMs = standing.eject(now);
    this.#generation += 1;
    this.#options.onEjected(runtime, reason, lastsMs);
  }

  /** Prolongs an ejection while its reason lasts. */
  holdOff(runtime: Runtime, until: number): void {
    const standing = this.#standings.get(runtime);
    if (!standing?.isEjected(this.#options.now())) return;
    standing.holdOff(until);
    this.#generation += 1;
  }

  isEjected(runtime: Runtime): boolean {
    return this.#standings.get(runtime)?.isEjected(this.#options.now()) ?? false;
  }

  #isAnotherGood(than: Runtime, now: number): boolean {
    for (const [runtime, standing] of this.#standings)
      if (runtime !== than && runtime.available && !standing.isEjected(now)) return true;
    return false;
  }

  #noteAvailability(runtime: Runtime, standing: Standing, now: number): void {
    const came = runtime.available && !standing.isAvailable;
    standing.isAvailable = runtime.available;
    if (!came) return;
    standing.enter(now);
    if (standing.wasLost) this.eject(runtime, 'lost');
    standing.wasLost = false;
  }

  #routeOf(release: ReleaseName): Route {
    const route = this.#routes.get(release) ?? this.#newRoute(release);
    if (route.generation !== this.#generation)
      route.lead(release, this.#standings, this.#generation, this.#options.now());
    else if (route.validUntil < Number.POSITIVE_INFINITY && route.validUntil <= this.#options.now())
      route.sift(this.#options.now());
    return route;
  }

  #newRoute(release: ReleaseName): Route {
    const route = new Route();
    this.#routes.set(release, route);
    return route;
  }
}
