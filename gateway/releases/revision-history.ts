import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { emptyRevision, type Revision } from '@sluice/kernel/revision/revision';
import { parseRevision, revisionPath } from '@sluice/kernel/revision/revisions';
import type { Store } from '@sluice/kernel/store/store';
import { isStoreUnavailable } from '@sluice/kernel/store/unavailable';
import type { InForce } from '../core/release-view.ts';

/** Revisions that are read at once. */
const readsAtOnce = 32;

/**
 * The revisions that were in force, read when somebody first looks back so far, and never again: a
 * revision is immutable. One that is invalid was never in force.
 */
export class RevisionHistory {
  readonly #store: Store;
  readonly #known = new Map<number, Revision | 'invalid'>();
  readonly #reading = new Map<number, Promise<void>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** A revision that somebody has read anyway. */
  learn(revision: Revision): void {
    this.#known.set(revision.revision, revision);
  }

  /**
   * The newest of some revisions (numbers, newest first) that is not later than a time; a promise only
   * where one must be read. @throws SluiceError STORE_UNAVAILABLE, or RELEASE_UNAVAILABLE when it has gone
   */
  inForceAt(numbers: readonly number[], at: number): InForce | Promise<InForce> {
    let first: Revision | undefined;
    for (const [index, number] of numbers.entries()) {
      const known = this.#known.get(number);
      if (known === undefined)
        return this.#readUnknown(numbers.slice(index)).then(() => this.inForceAt(numbers, at));
      if (known === 'invalid') continue;
      if (Date.parse(known.when) <= at) return { revision: known, first: undefined };
      first = known;
    }
    return { revision: emptyRevision, first };
  }

  async #readUnknown(numbers: readonly number[]): Promise<void> {
    const unknown = numbers.filter((number) => !this.#known.has(number)).slice(0, readsAtOnce);
    await Promise.all(unknown.map((number) => this.#readOnce(number)));
  }

  /** Whoever looks back at the same time reads together. */
  #readOnce(number: number): Promise<void> {
    const reading =
      this.#reading.get(number) ?? this.#read(number).finally(() => this.#reading.delete(number));
    this.#reading.set(number, reading);
    return reading;
  }

  async #read(number: number): Promise<void> {
    const bytes = await this.#store.read(revisionPath(number)).catch((error: unknown) => {
      if (isStoreUnavailable(error)) throw error;
      const message = `revision ${number}, which may have been in force, cannot be read: ${messageOf(error)}`;
      throw new SluiceError('RELEASE_UNAVAILABLE', message, { cause: error });
    });
    this.#known.set(number, parsed(bytes, number));
  }
}

const parsed = (bytes: Buffer, number: number): Revision | 'invalid' => {
  try {
    return parseRevision(bytes.toString('utf8'), number);
  } catch {
    return 'invalid';
  }
};
