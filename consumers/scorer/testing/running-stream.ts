import type { TestContext } from 'node:test';
import type { EventLog, Message, Received } from '@sluice/kernel/event-log/event-log';
import { collect } from '@sluice/kernel/event-log/testing/collect';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { message, newName, sendAll } from '@sluice/kernel/event-log/testing/messages';
import { type Stream, streamOf, streamSettings } from '@sluice/kernel/revision/stream-settings';
import { createLog } from '@sluice/kernel/telemetry/log';
import { type KeptConsumer, keepRunning } from '../../keep-running.ts';
import { groupOf, type RunOptions, runStream } from '../run-stream.ts';
import { StreamStatus } from '../status/stream-status.ts';
import { type Answer, standInLink, textChanges, textCodec } from './stand-ins.ts';

export const longMs = 60_000;
const waits = { firstMs: 1, maxMs: 20 };
const backoff = { firstMs: 20, maxMs: 200, goodLifeMs: 30_000 };
export const quiet = {
  finished: () => undefined,
  event: () => undefined,
  committed: () => undefined,
  retried: () => undefined,
  deadLetter: () => undefined,
};
export const log = createLog({ process: 'consumers', environment: 'dev', level: 'silent' });

/** Topics and a stream from one to the other, of names of their own. */
export const newStream = async (
  eventLog: EventLog,
  settings: Readonly<Record<string, unknown>> = {},
  partitions = 2,
): Promise<Stream> => {
  const [name, from, to, deadLetters] = ['s', 'source', 'sink', 'letters'].map(newName);
  const stream = streamOf(
    streamSettings.parse({ name, from, to, deadLetters, model: 'm', start: 'earliest', ...settings }),
  );
  const topics = [...stream.from, stream.to].map((topic) => ({ topic, partitions }));
  await eventLog.admin.create(topics);
  return stream;
};

export interface StartedStream extends AsyncDisposable {
  readonly status: StreamStatus;
  readonly kept: KeptConsumer;
}

/** Starts a stream; it goes with the test. */
export const startStream = (
  t: TestContext,
  eventLog: EventLog,
  stream: Stream,
  answer: Answer,
  more: Partial<RunOptions> = {},
): StartedStream => {
  const status = new StreamStatus({
    name: stream.name,
    notRunning: () => kept.notRunning(),
    stallMs: 60_000,
  });
  const options: RunOptions = {
    eventLog,
    stream,
    status,
    link: standInLink(answer),
    codecOf: () => textCodec,
    changesOf: textChanges,
    metrics: quiet,
    tracer: undefined,
    drainMs: 10_000,
    lagPollMs: 20,
    waits,
    begunAtMs: Date.now(),
    onError: () => undefined,
    ...more,
  };
  const kept: KeptConsumer = keepRunning({ name: stream.name, start: runStream(options), log, backoff });
  t.after(() => kept[Symbol.asyncDispose]());
  return { status, kept, [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
};

/** Sends texts of a key to a partition of the stream's first source. */
export const feed = (
  eventLog: EventLog,
  { from }: Stream,
  texts: readonly string[],
  more: Partial<Message> & { readonly text?: string } = {},
): Promise<void> => {
  const messages = texts.map((text) => message('k', text, { partition: 0, ...more }));
  return sendAll(eventLog, { topic: from[0] ?? '', messages });
};

/** Waits until the stream has committed as many offsets, over all partitions. */
export const untilCommitted = (eventLog: EventLog, stream: Stream, sum: number): Promise<void> =>
  eventually(
    `${sum} committed`,
    async () => {
      let all = 0n;
      for (const topic of stream.from) {
        // While it is asked for other things it may be away for a moment.
        const committed = await eventLog.admin.committed(groupOf(stream), topic).catch(() => []);
        for (const { offset } of committed) all += offset;
      }
      return all >= BigInt(sum);
    },
    longMs,
  );

/** All that a topic holds, when it holds as much. */
export const contentOf = async (
  eventLog: EventLog,
  topic: string,
  count: number,
): Promise<readonly Received[]> => {
  await using collector = await collect(eventLog, { topics: [topic] });
  return [...(await collector.until(count))];
};

export const textsOf = (received: readonly Received[]): string[] =>
  received.map(({ value }) => String(value));
