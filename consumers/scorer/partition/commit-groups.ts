import type { Outlet } from '../delivery/outlet.ts';
import { keepTrying } from '../keep-trying.ts';
import type { RetryWaits } from '../retry.ts';
import type { PartitionStatus } from '../status/partition-status.ts';
import type { Window } from './window.ts';

export interface CommitOptions {
  readonly outlet: Pick<Outlet, 'commit'>;
  readonly window: Window;
  readonly status: PartitionStatus;
  readonly signal: AbortSignal;
  readonly waits: RetryWaits;
}

/** Commits what is written, until the window is closed: what was written meanwhile goes together. */
export const commitGroups = async ({
  outlet,
  window,
  status,
  signal,
  waits,
}: CommitOptions): Promise<void> => {
  for (;;) {
    await window.until(() => window.written.length > 0);
    if (window.isClosed) return;
    const groups = window.written.slice();
    const next = groups.at(-1)?.next ?? 0n;
    await keepTrying(() => outlet.commit(next), {
      signal,
      waits,
      onError: (error) => status.waitsFor(error),
    });
    if (window.isClosed) return;
    window.committed(groups.length);
    for (const group of groups) status.committed(group);
  }
};
