import { setTimeout as sleep } from 'node:timers/promises';
import { awaitReady } from './await-ready.ts';
import { BACKOFF_LIMITS, type BackoffLimits, nextDelayMs } from './backoff.ts';
import type { LogSink } from './log-sink.ts';
import type { ProcessSpec } from './process-spec.ts';
import { describeEnding, type Ending, endGently, type Life, spawnProcess } from './spawn-process.ts';

/** Exit codes that say the configuration is wrong (sysexits EX_USAGE, EX_UNAVAILABLE): a restart cannot help. */
const CONFIGURATION_EXITS: readonly number[] = [64, 69];

export interface KeptProcessOptions {
  readonly spec: ProcessSpec;
  readonly log: LogSink;
  /** How long the process may take to end after SIGTERM before it is killed. */
  readonly graceMs: number;
  /** Told once, when the process exits with a code that a restart cannot mend. */
  readonly onConfigurationExit: (code: number) => void;
  readonly backoff?: BackoffLimits;
}

/** A process that is kept alive: started again with a growing delay whenever it dies, until it is stopped. */
export class KeptProcess implements AsyncDisposable {
  /** Resolves when the process is ready for the first time; never rejects. */
  readonly firstReady: Promise<void>;
  readonly #options: KeptProcessOptions;
  readonly #tellFirstReady: () => void;
  readonly #loop: Promise<void>;
  #life: Life | undefined;
  #isStopping = false;
  #restartIsAsked = false;
  #interruptPause: () => void = () => undefined;

  constructor(options: KeptProcessOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.firstReady = promise;
    this.#tellFirstReady = resolve;
    this.#loop = this.#keepAlive();
  }

  get spec(): ProcessSpec {
    return this.#options.spec;
  }

  /** Ends the process, gently, and starts it again at once, even out of a back-off. */
  async restart(): Promise<void> {
    this.#restartIsAsked = true;
    this.#interruptPause();
    await this.#terminate();
  }

  /** SIGTERM, then SIGKILL when the grace is over. Resolves when the process is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#interruptPause();
    await this.#terminate();
    await this.#loop;
  }

  /** SIGKILL, at once. */
  kill(): void {
    this.#isStopping = true;
    this.#interruptPause();
    this.#life?.kill('SIGKILL');
  }

  async #keepAlive(): Promise<void> {
    const { log, backoff = BACKOFF_LIMITS, onConfigurationExit } = this.#options;
    let delayMs: number | undefined;
    while (!this.#isStopping) {
      const startedAt = performance.now();
      const ending = await this.#liveOnce();
      if (this.#isStopping) return;
      if (this.#takeRestart()) {
        delayMs = undefined;
        continue;
      }
      if (ending.code !== null && CONFIGURATION_EXITS.includes(ending.code)) {
        log.event(
          'error',
          `${this.spec.name} ${describeEnding(ending)}: its configuration is wrong, see its log above`,
        );
        onConfigurationExit(ending.code);
        return;
      }
      delayMs = nextDelayMs(delayMs, performance.now() - startedAt, backoff);
      log.event('warn', `${this.spec.name} ${describeEnding(ending)}, restarting in ${delayMs / 1000} s`);
      await this.#pause(delayMs);
      if (this.#takeRestart()) delayMs = undefined;
    }
  }

  async #liveOnce(): Promise<Ending> {
    const { log } = this.#options;
    const startedAt = performance.now();
    const life = spawnProcess(this.spec);
    this.#life = life;
    const over = new AbortController();
    const logged = log.follow(this.spec.name, life);
    const ready = awaitReady({
      healthUrl: this.spec.healthUrl,
      signal: over.signal,
      onSlow: (answer) => log.event('warn', `${this.spec.name} is not ready yet: ${answer}`),
    }).then((isReady) => {
      if (!isReady) return;
      log.event('info', `${this.spec.name} is ready after ${Math.round(performance.now() - startedAt)} ms`);
      this.#tellFirstReady();
    });
    const ending = await life.ended;
    over.abort();
    this.#life = undefined;
    await Promise.all([ready, logged]);
    return ending;
  }

  async #terminate(): Promise<void> {
    const { graceMs, log } = this.#options;
    if (this.#life === undefined) return;
    await endGently(this.#life, graceMs, () =>
      log.event('warn', `${this.spec.name} did not end within ${graceMs / 1000} s, killing it`),
    );
  }

  async #pause(delayMs: number): Promise<void> {
    const interruption = new AbortController();
    this.#interruptPause = () => interruption.abort();
    if (this.#isStopping || this.#restartIsAsked) return;
    await sleep(delayMs, undefined, { signal: interruption.signal }).catch(() => undefined);
    this.#interruptPause = () => undefined;
  }

  #takeRestart(): boolean {
    const isAsked = this.#restartIsAsked;
    this.#restartIsAsked = false;
    return isAsked;
  }
}
