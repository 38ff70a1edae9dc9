import type { Balancer } from './balancer.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { Runtime } from './runtime.ts';

export interface StallWatchOptions {
  readonly balancer: Balancer;
  readonly budget: RetryBudget;
  /** A runtime that owes answers and has given none for so long has stalled. */
  readonly stallMs: number;
  /** Between two looks. */
  readonly everyMs: number;
  readonly now: () => number;
}

/** Finds runtimes that have stopped answering, ejects them and takes back what others can do. */
export class StallWatch {
  readonly #options: StallWatchOptions;
  #lastLook: number;

  constructor(options: StallWatchOptions) {
    this.#options = options;
    this.#lastLook = options.now();
  }

  look(): void {
    const { balancer, stallMs, everyMs, now } = this.#options;
    const at = now();
    const late = at - this.#lastLook - everyMs;
    this.#lastLook = at;
    // It was this process that stood still: what the runtimes answered meanwhile is not read yet.
    if (late > stallMs / 2) return;
    for (const runtime of balancer.runtimes) {
      const { silentSince } = runtime;
      if (silentSince !== undefined && at - silentSince >= stallMs) this.#stalled(runtime, at);
    }
  }

  /** What no other runtime can take stays where it is: this one may go on after all. */
  #stalled(runtime: Runtime, at: number): void {
    const { balancer, budget, everyMs } = this.#options;
    balancer.eject(runtime, 'silent');
    if (!balancer.isEjected(runtime)) return;
    balancer.holdOff(runtime, at + 2 * everyMs);
    runtime.abandon(
      ({ again, release }) => !again && balancer.hasOther(release, runtime) && budget.withdraw(),
    );
  }
}
