import type { Revision } from '@sluice/kernel/revision/revision';
import { listRevisions, newestAmong } from '@sluice/kernel/revision/revisions';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';

/** A revision that may be put in force, with the numbers of those up to it, newest first. */
export interface Newer {
  readonly revision: Revision;
  readonly numbers: readonly number[];
}

/** Looks for a revision that is newer than the one in force. */
export class RevisionReader {
  readonly #log: Log;
  /** The newest that was listed, be it in force or invalid. */
  #newestListed = 0;
  #reportedFaults = '';

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * `new files`: one listing, and nothing is read unless there is a file that was not there the last time.
   * `all files` finds also one that has become valid, or invalid. One that is invalid is passed over, and
   * reported once.
   */
  async look(store: Store, wanted: 'new files' | 'all files', inForce: number): Promise<Newer | undefined> {
    const numbers = await listRevisions(store);
    const [newest = 0] = numbers;
    if (wanted === 'new files' && newest === this.#newestListed) return undefined;
    const candidates = numbers.filter((number) => number >= inForce);
    const { revision, faults } = await newestAmong(store, candidates);
    this.#newestListed = newest;
    this.#report(faults, inForce);
    if (revision.revision <= inForce) return undefined;
    return { revision, numbers: numbers.filter((number) => number <= revision.revision) };
  }

  #report(faults: readonly string[], inForce: number): void {
    const text = faults.join('\n');
    if (text !== '' && text !== this.#reportedFaults) {
      const message = `a revision is invalid, the last good one stays in force: ${faults.join('; ')}`;
      this.#log.error({ faults, revision: inForce }, message);
    }
    this.#reportedFaults = text;
  }
}
