import { messageOf } from '@sluice/kernel/errors/message-of';
import { compileEncoder } from '@sluice/kernel/features/encode-features';
import { featuresOf } from '@sluice/kernel/features/features-of';
import { type Listed, listModels, listVersions, readListed } from '@sluice/kernel/release/list-releases';
import { emptyRevision, type Revision } from '@sluice/kernel/revision/revision';
import { newestRevision } from '@sluice/kernel/revision/revisions';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { IndexedRelease, ReleaseIndex } from '../core/served-release.ts';

export interface StoreWatchOptions {
  readonly store: Store;
  readonly log: Log;
  readonly pollMs: number;
}

const indexed = (listed: Listed): IndexedRelease => {
  const { version } = listed;
  if ('fault' in listed) return { version, fault: listed.fault };
  const { release } = listed;
  return { version, served: { release, features: featuresOf(release), encode: compileEncoder(release) } };
};

/** What the gateway knows of the store: its releases and its newest revision, read again by polling. */
export class StoreWatch implements AsyncDisposable {
  readonly #options: StoreWatchOptions;
  #index: ReleaseIndex = new Map();
  #revision: Revision = emptyRevision;
  readonly #doubted = new Set<string>();
  #reportedFaults = '';
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: StoreWatchOptions) {
    this.#options = options;
  }

  get index(): ReleaseIndex {
    return this.#index;
  }

  get revision(): Revision {
    return this.#revision;
  }

  /** Reads the store once, then again and again. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => {
      this.refresh().catch((error: unknown) =>
        this.#options.log.error({ err: error }, `cannot read the store: ${messageOf(error)}`),
      );
    }, this.#options.pollMs);
  }

  /** Reads what is new in the store. */
  refresh(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Reads a model's releases anew: what was read may have been a folder that was still being copied. */
  async reread(model: string): Promise<void> {
    await this.#looking?.catch(() => undefined);
    this.#doubted.add(model);
    try {
      await this.refresh();
    } finally {
      this.#doubted.delete(model);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking?.catch(() => undefined);
  }

  async #look(): Promise<void> {
    await this.#readReleases();
    await this.#readRevision();
  }

  /** Releases are immutable: what was read whole is not read again, what was broken is. */
  async #readReleases(): Promise<void> {
    const { store } = this.#options;
    const next = new Map<string, readonly IndexedRelease[]>();
    for (const model of await listModels(store)) {
      const versions = await listVersions(store, model);
      const releases: IndexedRelease[] = [];
      for (const version of versions) releases.push(await this.#readOne(model, version));
      if (releases.length > 0) next.set(model, releases);
    }
    this.#index = next;
  }

  async #readOne(model: string, version: string): Promise<IndexedRelease> {
    const known = this.#index.get(model)?.find((each) => each.version === version);
    if (known !== undefined && 'served' in known && !this.#doubted.has(model)) return known;
    const read = indexed(await readListed(this.#options.store, model, version));
    if ('fault' in read && !(known !== undefined && 'fault' in known && known.fault === read.fault)) {
      this.#options.log.error(
        { model, version, reason: read.fault },
        `${model} ${version} cannot be served: ${read.fault}`,
      );
    }
    return read;
  }

  /** A newest revision that is invalid leaves the last good one in force, and is reported once. */
  async #readRevision(): Promise<void> {
    const { log, store } = this.#options;
    const { revision, faults } = await newestRevision(store);
    const text = faults.join('\n');
    if (text !== '' && text !== this.#reportedFaults) {
      log.error(
        { faults, revision: this.#revision.revision },
        `a revision is invalid, the last good one stays in force: ${faults.join('; ')}`,
      );
    }
    this.#reportedFaults = text;
    if (revision.revision <= this.#revision.revision) return;
    this.#revision = revision;
    log.info(
      { revision: revision.revision, who: revision.who, why: revision.why },
      `revision ${revision.revision} is in force`,
    );
  }
}
