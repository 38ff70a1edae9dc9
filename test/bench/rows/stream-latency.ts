import type { EventLog, Received } from '@sluice/kernel/event-log/event-log';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { newName } from '@sluice/kernel/event-log/testing/messages';
import { startProcess } from '../../support/process.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { partitions } from '../load/stream-events.ts';
import { percentile } from '../statistics.ts';
import { startScoring } from '../systems/scoring.ts';
import type { Row } from './row.ts';

const seconds = 15;
/** Of them, at the beginning: the scorer's code is compiled, and its group is there. */
const runUpSeconds = 5;
const peakShare = 0.5;
const settleMs = 60_000;

/** The time at which it was due, from the scored event's header. */
const dueAt = ({ headers }: Received): number =>
  Date.parse(String(headers.find(([name]) => name === 'ce_time')?.[1]));

interface Seen extends AsyncDisposable {
  readonly count: number;
  /** Milliseconds from when they were due until they were read here, scored: of those due from a time on. */
  since(ms: number): Float64Array;
}

/** Reads a topic of at most so many events. What it notes is no work for the collector, which would delay what it measures. */
const watchSink = async (log: EventLog, topic: string, most: number): Promise<Seen> => {
  const due = new Float64Array(most);
  const took = new Float64Array(most);
  let count = 0;
  const consumer = await log.consume({
    group: newName('watch'),
    topics: [topic],
    from: 'earliest',
    maxBatchBytes: 512 * 1024,
    work: async (partition) => {
      for await (const batch of partition.batches()) {
        const now = Date.now();
        for (const message of batch) {
          due[count] = dueAt(message);
          took[count] = now - (due[count] ?? 0);
          count += 1;
        }
      }
    },
  });
  return {
    get count() {
      return count;
    },
    since: (ms) => took.slice(0, count).filter((_, at) => (due[at] ?? 0) >= ms),
    [Symbol.asyncDispose]: () => consumer[Symbol.asyncDispose](),
  };
};

const measure = async (bench: Bench, peakPerSecond: number): Promise<Sample> => {
  const system = await bench.system('sluice-streaming');
  await using stack = new AsyncDisposableStack();
  const log = stack.use(await openEventLog({ url: system.eventLog }));
  const [from, to] = [newName('bench.live'), newName('bench.sink')];
  await log.admin.create([from, to].map((topic) => ({ topic, partitions })));
  await startScoring(system, { from, to, delivery: 'at-least-once', record: 'off' }, stack);
  const perSecond = peakPerSecond * peakShare;
  const most = 2 * perSecond * seconds;
  const seen = stack.use(await watchSink(log, to, most));
  const args = [system.eventLog, from, perSecond, seconds].map(String);
  const publisher = stack.use(startProcess('test/bench/publisher/main.ts', {}, args));
  const { startedAt } = await publisher.line('publishing', settleMs);
  const { events } = await publisher.line('published', seconds * 1_000 + settleMs);
  await waitFor('the last scored event', () => seen.count >= Number(events), settleMs);
  const sorted = [...seen.since(Number(startedAt) + runUpSeconds * 1_000).sort()];
  return {
    peakPerSecond,
    requestsPerSecond: perSecond,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
  };
};

/** Events come at half of what a scorer has just drained; publisher and reader are two processes with one clock. */
export const streamLatencyRow = (peakOf: (bench: Bench) => Promise<number>): Row => ({
  name: 'stream-latency',
  title: 'scored at least once, half of the peak: from when an event was due to its scored event',
  section: 'stream-latency',
  needs: [],
  once: true,
  prepare: async () => {},
  measure: async (bench) => measure(bench, await peakOf(bench)),
});
