import { emptyRevision, type Revision } from '@sluice/kernel/revision/revision';
import { listRevisions, newestAmong } from '@sluice/kernel/revision/revisions';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import { repeat } from '../repeat.ts';

export interface FollowOptions {
  readonly store: Store;
  readonly pollMs: number;
  readonly log: Log;
  readonly onRevision: (revision: Revision) => void;
}

/** Finds revisions that are newer than the one in force; one that is invalid is passed over, and told once. */
const revisionReader = ({ store, log }: FollowOptions) => {
  let inForce: Revision | undefined;
  let listed: number | undefined;
  return async (): Promise<Revision | undefined> => {
    const numbers = await listRevisions(store);
    const [newest = 0] = numbers;
    if (newest === listed) return undefined;
    const known = inForce?.revision ?? 0;
    const { revision, faults } = await newestAmong(
      store,
      numbers.filter((number) => number > known),
    );
    listed = newest;
    if (faults.length > 0)
      log.error(
        { faults, revision: known },
        `a revision is invalid, the last good one stays in force: ${faults.join('; ')}`,
      );
    if (inForce !== undefined && revision.revision <= known) return undefined;
    inForce = revision;
    return revision;
  };
};

/**
 * Tells of the newest revision, now and whenever there is a newer one. While the store is away the last one stays in
 * force.
 * @throws SluiceError STORE_UNAVAILABLE when there is none yet
 */
export const followRevisions = async (options: FollowOptions): Promise<AsyncDisposable> => {
  const { log, pollMs, onRevision } = options;
  const newer = revisionReader(options);
  let isAway = false;
  onRevision((await newer()) ?? emptyRevision);
  const look = async (): Promise<void> => {
    const revision = await newer();
    if (isAway) log.info('the store is back');
    isAway = false;
    if (revision !== undefined) onRevision(revision);
  };
  const onError = (err: unknown): void => {
    if (!isAway) log.warn({ err }, 'the store is away, the streams go on as they are');
    isAway = true;
  };
  return repeat(look, { intervalMs: pollMs, onError });
};
