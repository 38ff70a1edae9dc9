import type { Release } from '@sluice/kernel/release/release';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { ReleaseWorker } from '../core/release-worker.ts';
import type { Session } from '../session/session.ts';
import type { HeldRelease } from './held-release.ts';
import type { HeldTable } from './held-table.ts';
import type { OpenedRelease } from './load-release.ts';

export interface SharedOptions {
  readonly table: HeldTable;
  readonly log: Log;
  /** `computed` is told how long each batch computed, in milliseconds. */
  readonly createWorker: (
    release: Release,
    session: Session,
    computed: (ms: number) => void,
  ) => ReleaseWorker;
}

/** The releases that share this process, and its one thread. */
export class Shared {
  readonly #options: SharedOptions;
  readonly #sessions = new Map<number, Session>();

  constructor(options: SharedOptions) {
    this.#options = options;
  }

  /** Serves a release that was opened. */
  enter(
    held: HeldRelease,
    release: Release,
    { session, warmUp }: OpenedRelease,
    computed: (ms: number) => void = () => undefined,
  ): HeldRelease {
    const { model, version, digest } = release;
    const { table, log, createWorker } = this.#options;
    this.#sessions.set(held.handle, session);
    log.info({ model, version, digest, warmed_up_with: warmUp.ran }, `loaded ${model} ${version}`);
    const worker = createWorker(release, session, computed);
    return table.put({ ...held, digest }, { kind: 'READY', release, worker });
  }

  /** Closes the session of a release, if it shares this process, when its queue has been computed. */
  async leave({ handle, state }: HeldRelease): Promise<void> {
    if (state.kind !== 'READY') return;
    await state.worker.idle();
    await this.#sessions.get(handle)?.[Symbol.asyncDispose]();
    this.#sessions.delete(handle);
  }
}
