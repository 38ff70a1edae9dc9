import { setImmediate } from 'node:timers/promises';
import { mapSome } from '@sluice/kernel/collections/map-some';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { compileEncoder } from '@sluice/kernel/features/encode-features';
import { featuresOf } from '@sluice/kernel/features/features-of';
import { type Listed, listModels, listVersions, readListed } from '@sluice/kernel/release/list-releases';
import { emptyRevision, type Revision } from '@sluice/kernel/revision/revision';
import { newestRevision } from '@sluice/kernel/revision/revisions';
import { inputSchema } from '@sluice/kernel/schema/input-schema';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { IndexedRelease, ReleaseIndex } from '../core/served-release.ts';

export interface StoreWatchOptions {
  readonly store: Store;
  readonly log: Log;
  readonly pollMs: number;
}

/** Releases that are read at once: a bucket takes long to answer, and answers many at a time. */
const readAtOnce = 8;

const indexed = (listed: Listed): IndexedRelease => {
  const { version } = listed;
  if ('fault' in listed) return { version, fault: listed.fault };
  const { release } = listed;
  const [features, schema, encode] = [featuresOf(release), inputSchema(release), compileEncoder(release)];
  return { version, served: { release, features, schema, encode } };
};

/** What the gateway knows of the store: its releases and its newest revision, read again by polling. */
export class StoreWatch implements AsyncDisposable {
  readonly #options: StoreWatchOptions;
  #index: ReleaseIndex = new Map();
  #revision: Revision = emptyRevision;
  readonly #doubted = new Set<string>();
  /** Of broken releases: what the store held of their models when they were read. */
  readonly #tags = new Map<string, string>();
  #readAt = Number.NEGATIVE_INFINITY;
  #reportedTrouble = '';
  #reportedFaults = '';
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #preparing: Promise<void> | undefined;
  #isClosed = false;
  readonly #prepared = new WeakSet<IndexedRelease>();

  constructor(options: StoreWatchOptions) {
    this.#options = options;
  }

  get index(): ReleaseIndex {
    return this.#index;
  }

  get revision(): Revision {
    return this.#revision;
  }

  /** How long ago the store was last read, as far as it could be. */
  get ageMs(): number {
    return performance.now() - this.#readAt;
  }

  /** Reads the store once, then again and again. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.#poll(), this.#options.pollMs);
  }

  /** Reads what is new in the store. */
  refresh(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Reads what has come into the store up to now, also while a look is under way that began before. */
  async refreshNow(): Promise<void> {
    await this.#looking?.catch(() => undefined);
    await this.refresh();
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
    this.#isClosed = true;
    await this.#looking?.catch(() => undefined);
    await this.#preparing;
  }

  /** A store that cannot be read leaves in force what was read of it. A trouble that lasts is reported once. */
  async #poll(): Promise<void> {
    const { log } = this.#options;
    try {
      await this.refresh();
      if (this.#reportedTrouble !== '') log.info('the store can be read again');
      this.#reportedTrouble = '';
    } catch (error) {
      const trouble = messageOf(error);
      if (trouble !== this.#reportedTrouble) log.error({ err: error }, `cannot read the store: ${trouble}`);
      this.#reportedTrouble = trouble;
    }
  }

  /** Compiles schemas one after the other, with what else is to be done in between; start does not wait for it. */
  async #prepare(): Promise<void> {
    for (const releases of this.#index.values())
      for (const indexed of releases) {
        if (this.#isClosed || 'fault' in indexed || this.#prepared.has(indexed)) continue;
        await setImmediate();
        indexed.served.schema.prepare();
        this.#prepared.add(indexed);
      }
  }

  async #look(): Promise<void> {
    const store = await this.#options.store.look();
    await this.#readReleases(store);
    await this.#readRevision(store);
    this.#readAt = performance.now();
    this.#preparing ??= this.#prepare()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'a schema cannot be compiled'))
      .finally(() => {
        this.#preparing = undefined;
      });
  }

  /** Releases are immutable: what was read whole is not read again, what was broken is when its files change. */
  async #readReleases(store: Store): Promise<void> {
    const next = new Map<string, readonly IndexedRelease[]>();
    for (const model of await listModels(store)) {
      const versions = await listVersions(store, model);
      const releases = await mapSome(versions, readAtOnce, (version) => this.#readOne(store, model, version));
      if (releases.length > 0) next.set(model, releases);
    }
    this.#index = next;
  }

  async #readOne(store: Store, model: string, version: string): Promise<IndexedRelease> {
    const known = this.#index.get(model)?.find((each) => each.version === version);
    const isDoubted = this.#doubted.has(model);
    if (known !== undefined && 'served' in known && !isDoubted) return known;
    const name = `${model}/${version}`;
    // What lies beside a release may be what was wrong with it, hence all of its model.
    const tag = await store.tag(model);
    if (known !== undefined && this.#tags.get(name) === tag && !isDoubted) return known;
    const read = indexed(await readListed(store, model, version));
    if ('fault' in read) this.#tags.set(name, tag);
    else this.#tags.delete(name);
    if ('fault' in read && !(known !== undefined && 'fault' in known && known.fault === read.fault)) {
      this.#options.log.error(
        { model, version, reason: read.fault },
        `${model} ${version} cannot be served: ${read.fault}`,
      );
    }
    return read;
  }

  /** A newest revision that is invalid leaves the last good one in force, and is reported once. */
  async #readRevision(store: Store): Promise<void> {
    const { log } = this.#options;
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
