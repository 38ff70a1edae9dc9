import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { newName } from '@sluice/kernel/event-log/testing/messages';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { startProcess } from '../../support/process.ts';
import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { checkSink, fillTopic, partitions } from '../load/stream-events.ts';
import { type ScoredTopics, startScoring } from '../systems/scoring.ts';
import type { System } from '../systems/system.ts';
import { measureTopicDrain } from './drain-topic.ts';
import type { Row } from './row.ts';
import { streamLatencyRow } from './stream-latency.ts';

const events = 100_000;
const source = 'bench.events';
const startMs = 90_000;

interface Kind {
  readonly name: string;
  readonly title: string;
  /** Begins to drain; the process that does it, and the group. */
  readonly start: (
    system: System,
    topics: ScoredTopics,
    stack: AsyncDisposableStack,
  ) => Promise<{ readonly pid: number; readonly group: string }>;
  readonly isScored: boolean;
  readonly isRecorded?: boolean;
}

const scoring = (
  delivery: 'at-least-once' | 'exactly-once',
  record: 'off' | 'required',
): Pick<Kind, 'start' | 'isScored' | 'isRecorded'> => ({
  start: (system, topics, stack) => startScoring(system, { ...topics, delivery, record }, stack),
  isScored: true,
  isRecorded: record === 'required',
});

const atLeastOnce: Kind = {
  name: 'stream-at-least-once',
  title: 'scored at least once, not recorded',
  ...scoring('at-least-once', 'off'),
};

const kinds: readonly Kind[] = [
  {
    name: 'stream-pass-through',
    title: 'kafkajs alone, which copies them',
    isScored: false,
    start: async ({ eventLog }, { from, to }, stack) => {
      const broker = new URL(eventLog).host;
      const running = stack.use(
        startProcess('kernel/event-log/testing/pass-through/main.ts', {}, [broker, from, to, to]),
      );
      await running.line('running', startMs);
      return { pid: running.pid, group: to };
    },
  },
  atLeastOnce,
  {
    name: 'stream-exactly-once',
    title: 'scored exactly once, not recorded',
    ...scoring('exactly-once', 'off'),
  },
  {
    name: 'stream-recorded',
    title: 'scored at least once, `record: required`',
    ...scoring('at-least-once', 'required'),
  },
];

const sizeOf = async ({ admin }: EventLog, topic: string): Promise<number> => {
  const ranges = await admin.ranges(topic);
  return ranges.reduce((sum, { next }) => sum + Number(next), 0);
};

const drain = async (system: System, kind: Kind, isChecked: boolean): Promise<Sample> => {
  await using stack = new AsyncDisposableStack();
  const log = stack.use(await openEventLog({ url: system.eventLog }));
  const to = newName('bench.sink');
  await log.admin.create([{ topic: to, partitions }]);
  const recordedBefore = kind.isRecorded ? await sizeOf(log, predictionsTopic) : 0;
  const started = await kind.start(system, { from: source, to }, stack);
  const isWhole = async (): Promise<boolean> =>
    !kind.isRecorded || (await sizeOf(log, predictionsTopic)) - recordedBefore >= events;
  const { processes } = system;
  const sample = await measureTopicDrain({ log, source, events, ...started, processes, isWhole });
  if (isChecked && kind.isScored) await checkSink(log, to, events);
  return sample;
};

const fill = async ({ eventLog }: System): Promise<void> => {
  await using log = await openEventLog({ url: eventLog });
  await fillTopic(log, source, events);
};

/** A topic that was filled before is drained, by a program that copies it and by scorers. */
export const streamRows = (): Row[] => {
  let filling: Promise<void> | undefined;
  const filled = async (bench: Bench): Promise<System> => {
    const system = await bench.system('sluice-streaming');
    filling ??= fill(system);
    await filling;
    return system;
  };
  const prepare = async (bench: Bench, kind: Kind): Promise<void> => {
    const system = await filled(bench);
    if (kind.isScored) await drain(system, kind, true);
  };
  const rows = kinds.map(
    (kind): Row => ({
      name: kind.name,
      title: `${events.toLocaleString('en-US')} events of 30 numbers, JSON, ${partitions} partitions: ${kind.title}`,
      section: 'streams',
      needs: [],
      ...(kind.isScored ? { against: { label: 'pass-through', rows: ['stream-pass-through'] } } : {}),
      prepare: (bench) => prepare(bench, kind),
      measure: async (bench) => drain(await bench.system('sluice-streaming'), kind, false),
    }),
  );
  const peakOf = async (bench: Bench): Promise<number> => {
    const { rowsPerSecond = Number.NaN } = await drain(await filled(bench), atLeastOnce, false);
    return rowsPerSecond;
  };
  return [...rows, streamLatencyRow(peakOf)];
};
