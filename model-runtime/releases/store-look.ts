import { mapSome } from '@sluice/kernel/collections/map-some';
import { CopiedFolders } from '@sluice/kernel/release/copied-folders';
import { listFolders, listModels } from '@sluice/kernel/release/list-releases';
import { isComputedElsewhere } from '@sluice/kernel/release/read-release';
import { folderOfRelease } from '@sluice/kernel/release/release';
import { emptyRevision, type Revision, settingsOf } from '@sluice/kernel/revision/revision';
import { listRevisions, newestRevision } from '@sluice/kernel/revision/revisions';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import { eagerVersions } from '../core/loading/eager-versions.ts';

/** What the store holds of one model that this runtime may hold, without what other servers compute. */
export interface SeenModel {
  readonly model: string;
  /** Highest first. */
  readonly versions: readonly string[];
  /** Those that are to be loaded before somebody asks. */
  readonly eager: readonly string[];
}

export interface StoreLookOptions {
  readonly store: Store;
  readonly log: Log;
}

/** Releases of one model that are read at once. */
const concurrency = 8;

/** What this runtime knows of the store. Releases are immutable: each one is looked at once. */
export class StoreLook {
  readonly #options: StoreLookOptions;
  /** `model/version` → whether a runtime computes it. */
  readonly #known = new Map<string, boolean>();
  readonly #copied = new CopiedFolders();
  readonly #last = new Map<string, { readonly revision: Revision; readonly last: SeenModel }>();
  readonly #said = new Set<string>();
  #revision: Revision = emptyRevision;
  #isFirst = true;

  constructor(options: StoreLookOptions) {
    this.#options = options;
  }

  /**
   * Looks at the store. A folder that was copied there since the look before is seen once it is the same twice.
   * @param mayHold whether a model is for this runtime.
   * @param trusts takes what is there as it is.
   */
  async look(mayHold: (model: string) => boolean, trusts = false): Promise<SeenModel[]> {
    const store = await this.#options.store.look();
    const models = await listModels(store);
    await this.#readRevision(store);
    const seen: SeenModel[] = [];
    for (const model of models) {
      if (mayHold(model)) seen.push(await this.#lookAt(store, model, trusts || this.#isFirst));
      else this.#say(model, `skipped ${model}: it is not among the models to load`, { model });
    }
    this.#isFirst = false;
    return seen;
  }

  async #lookAt(store: Store, model: string, trusts: boolean): Promise<SeenModel> {
    const { log } = this.#options;
    const { versions, strangers } = await listFolders(store, model);
    for (const folder of strangers) {
      const name = `${model}/${folder}`;
      if (!this.#said.has(name)) log.warn({ model, folder }, `skipped ${name}: its name is no version`);
      this.#said.add(name);
    }
    const isOurs = await mapSome(versions, concurrency, (version) =>
      this.#isOurs(store, model, version, trusts),
    );
    return this.#seen(
      model,
      versions.filter((_, index) => isOurs[index]),
    );
  }

  /** The same as at the last look, where nothing has changed: that is nearly always. */
  #seen(model: string, versions: readonly string[]): SeenModel {
    const { revision, last } = this.#last.get(model) ?? {};
    if (last !== undefined && revision === this.#revision && last.versions.join() === versions.join())
      return last;
    const seen = { model, versions, eager: eagerVersions(versions, settingsOf(this.#revision, model)) };
    this.#last.set(model, { revision: this.#revision, last: seen });
    return seen;
  }

  async #isOurs(store: Store, model: string, version: string, trusts: boolean): Promise<boolean> {
    const name = folderOfRelease(model, version);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (!trusts && !(await this.#copied.isWhole(store, model, version))) return false;
    const isOurs = !(await isComputedElsewhere(store, model, version));
    if (!isOurs)
      this.#say(name, `passed over ${model} ${version}: another server computes it`, { model, version });
    this.#known.set(name, isOurs);
    return isOurs;
  }

  #say(about: string, message: string, fields: object): void {
    if (!this.#said.has(about)) this.#options.log.info(fields, message);
    this.#said.add(about);
  }

  /** A revision that cannot be read is the gateway's to report. */
  async #readRevision(store: Store): Promise<void> {
    const [newest] = await listRevisions(store);
    if (newest === undefined || newest <= this.#revision.revision) return;
    const { revision } = await newestRevision(store);
    if (revision.revision > this.#revision.revision) this.#revision = revision;
  }
}
