import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { waitFor } from '../../support/wait-for.ts';
import type { Sample } from '../figures.ts';
import { withCpu } from '../load/run-question.ts';
import { watchPeakMemory } from '../process/peak-memory.ts';
import type { System } from '../systems/system.ts';

export interface TopicDrain {
  readonly log: EventLog;
  readonly source: string;
  /** Events of the source. */
  readonly events: number;
  /** That of whoever drains it. */
  readonly group: string;
  /** Process that drains it. */
  readonly pid: number;
  /** What else takes part. */
  readonly processes: System['processes'];
  /** Whether all that comes of it is where it belongs, once all is committed. */
  readonly isWhole?: () => Promise<boolean>;
}

const drainMs = 300_000;
/** What is measured begins when so much is done: the code is compiled by then. */
const runUp = 0.1;

/** A topic that was filled before is worked through, as far as the group's commits say. */
export const measureTopicDrain = async (drain: TopicDrain): Promise<Sample> => {
  const { log, source, events, group, pid, processes, isWhole = async () => true } = drain;
  const done = async (): Promise<number> => {
    const positions = await log.admin.committed(group, source);
    return positions.reduce((sum, { offset }) => sum + Number(offset), 0);
  };
  const until = (what: string, least: number): Promise<number> =>
    waitFor(
      what,
      async () => {
        const value = await done();
        return value >= least && value;
      },
      drainMs,
    );
  const first = await until('the first events', Math.ceil(events * runUp));
  using peak = watchPeakMemory(pid);
  const run = async () => {
    const startedAt = performance.now();
    await until('the last event', events);
    await waitFor('all that comes of them', isWhole, drainMs);
    return (performance.now() - startedAt) / 1_000;
  };
  const all = { processes: [...processes, { part: 'consumer', pid } as const] };
  const { result: seconds, cpu } = await withCpu(all, run, () => events - first);
  const { loadCpuUs: _, ...cpuUs } = cpu;
  return { rowsPerSecond: (events - first) / seconds, ...cpuUs, consumerPeakMiB: peak.anonymous };
};
