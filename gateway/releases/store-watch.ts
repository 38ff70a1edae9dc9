import { CopiedFolders } from '@sluice/kernel/release/copied-folders';
import { listModels } from '@sluice/kernel/release/list-releases';
import { sameVersion } from '@sluice/kernel/release/version';
import { emptyRevision, type Revision, versionsNamed } from '@sluice/kernel/revision/revision';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import { createResolver, type Resolver } from '../core/resolve-release.ts';
import type { ReleaseIndex } from '../core/served-release.ts';
import type { Folders, ReadFolderOptions } from './read-folder.ts';
import { readIndex, readModel, withModel } from './read-index.ts';
import { RevisionHistory } from './revision-history.ts';
import { RevisionReader } from './revision-reader.ts';
import { SchemaPreparation } from './schema-preparation.ts';
import { tellingTrouble } from './telling-trouble.ts';

export interface StoreWatchOptions {
  readonly store: Store;
  readonly log: Log;
  /** Between two looks at all releases. */
  readonly pollMs: number;
  /** Between two looks for a newer revision, which costs one listing. */
  readonly revisionPollMs: number;
}

/**
 * What the gateway knows of the store, read again by polling: its releases and its newest revision. Both
 * change in one step, so that no request sees the one without the other.
 */
export class StoreWatch implements AsyncDisposable {
  readonly #options: StoreWatchOptions;
  readonly #history: RevisionHistory;
  readonly #reader: RevisionReader;
  readonly #schemas: SchemaPreparation;
  #resolver: Resolver;
  /** Those up to the one in force, newest first. */
  #revisions: readonly number[] = [];
  readonly #doubted = new Set<string>();
  readonly #folders: Folders = { broken: new Map(), copied: new CopiedFolders() };
  readonly #listeners = new Set<() => void>();
  /** Models that were read while a look at all releases is under way, which may have missed what is new. */
  readonly #ahead = new Set<string>();
  #readAt = Number.NEGATIVE_INFINITY;
  #timers: NodeJS.Timeout[] = [];
  #looking: Promise<void> | undefined;
  #lookingForRevision: Promise<void> | undefined;

  constructor(options: StoreWatchOptions) {
    this.#options = options;
    this.#history = new RevisionHistory(options.store);
    this.#reader = new RevisionReader(options.log);
    this.#schemas = new SchemaPreparation(options.log);
    this.#resolver = this.#resolverOf(new Map(), emptyRevision);
  }

  get resolver(): Resolver {
    return this.#resolver;
  }

  get index(): ReleaseIndex {
    return this.#resolver.index;
  }

  get revision(): Revision {
    return this.#resolver.revision;
  }

  /** How long ago the store was last read, as far as it could be. */
  get ageMs(): number {
    return performance.now() - this.#readAt;
  }

  /** Calls back when there is something new: a release, or a revision. */
  onNews(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Reads the store once, then again and again. */
  async start(): Promise<void> {
    await this.refresh();
    const { log, pollMs, revisionPollMs } = this.#options;
    // A store that cannot be read is told of by the other one.
    const follow = () => void this.#lookForRevision().catch(() => undefined);
    const poll = tellingTrouble(log, () => this.refresh());
    this.#timers = [setInterval(() => void poll(), pollMs), setInterval(follow, revisionPollMs)];
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
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.allSettled([this.#looking, this.#lookingForRevision]);
    await this.#schemas[Symbol.asyncDispose]();
  }

  async #look(): Promise<void> {
    this.#ahead.clear();
    const store = await this.#options.store.look();
    // What is there at the first look has lain there for a while.
    const isFirst = this.#readAt === Number.NEGATIVE_INFINITY;
    let index = await readIndex(this.#readingOf(store, !isFirst), this.index);
    for (const model of this.#ahead) index = withModel(index, model, this.index.get(model) ?? []);
    this.#put(index, this.revision);
    await this.#lookingForRevision?.catch(() => undefined);
    await this.#lookForRevision(store, 'all files');
    this.#readAt = performance.now();
    this.#schemas.begin(this.index);
  }

  #lookForRevision(
    store = this.#options.store,
    wanted: 'new files' | 'all files' = 'new files',
  ): Promise<void> {
    this.#lookingForRevision ??= this.#followRevision(store, wanted).finally(() => {
      this.#lookingForRevision = undefined;
    });
    return this.#lookingForRevision;
  }

  async #followRevision(store: Store, wanted: 'new files' | 'all files'): Promise<void> {
    const newer = await this.#reader.look(store, wanted, this.revision.revision);
    if (newer === undefined) return;
    const { revision, numbers } = newer;
    await this.#readNamed(revision);
    this.#history.learn(revision);
    this.#revisions = numbers;
    this.#put(this.index, revision);
    const { revision: number, who, why } = revision;
    this.#options.log.info({ revision: number, who, why }, `revision ${number} is in force`);
  }

  /** A revision may name a release that came after the last look at all of them. */
  async #readNamed(revision: Revision): Promise<void> {
    const { store } = this.#options;
    const models = await listModels(store);
    const reading = this.#readingOf(store, false);
    for (const [model, settings] of Object.entries(revision.models)) {
      const known = this.index.get(model) ?? [];
      const isMissing = (wanted: string) => !known.some(({ version }) => sameVersion(version, wanted));
      if (!models.includes(model) || !versionsNamed(settings).some(isMissing)) continue;
      const releases = await readModel(reading, model, known);
      this.#ahead.add(model);
      this.#put(withModel(this.index, model, releases), this.revision);
    }
  }

  #readingOf(store: Store, waitsForCopies: boolean): ReadFolderOptions {
    const { log } = this.#options;
    return { store, log, folders: this.#folders, doubted: this.#doubted, waitsForCopies };
  }

  #put(index: ReleaseIndex, revision: Revision): void {
    if (index === this.index && revision === this.revision) return;
    this.#resolver = this.#resolverOf(index, revision);
    for (const listener of this.#listeners) listener();
  }

  #resolverOf(index: ReleaseIndex, revision: Revision): Resolver {
    const numbers = this.#revisions;
    const inForceAt = (at: number) => this.#history.inForceAt(numbers, at);
    return createResolver({ index, revision, inForceAt });
  }
}
