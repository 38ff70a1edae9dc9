import { setImmediate } from 'node:timers/promises';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { IndexedRelease, ReleaseIndex } from '../core/served-release.ts';

/** Compiles the schemas of releases one after the other, with what else is to be done in between. */
export class SchemaPreparation implements AsyncDisposable {
  readonly #log: Log;
  readonly #prepared = new WeakSet<IndexedRelease>();
  #preparing: Promise<void> | undefined;
  #isClosed = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Nobody need wait for it: a schema that is wanted before its turn is compiled then. */
  begin(index: ReleaseIndex): void {
    this.#preparing ??= this.#prepare(index)
      .catch((error: unknown) => this.#log.error({ err: error }, 'a schema cannot be compiled'))
      .finally(() => {
        this.#preparing = undefined;
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#preparing;
  }

  async #prepare(index: ReleaseIndex): Promise<void> {
    for (const releases of index.values())
      for (const indexed of releases) {
        if (this.#isClosed || 'fault' in indexed || this.#prepared.has(indexed)) continue;
        await setImmediate();
        indexed.served.schema.prepare();
        this.#prepared.add(indexed);
      }
  }
}
