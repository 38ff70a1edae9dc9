import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { readCustomers } from './customers.ts';
import type { DemoOptions } from './options.ts';
import { sendEvents } from './send-events.ts';
import { type Labels, openLabels } from './send-labels.ts';
import { startSluice } from './start-sluice.ts';
import { declareStream, sinkTopic, sourceTopic } from './stream.ts';
import { askStatus, isJoined } from './stream-status.ts';
import { openTally, type Tally } from './tally.ts';
import { progressLine, summary } from './tell.ts';
import { watchScores } from './watch-scores.ts';

const tickMs = 1_000;
const pollMs = 50;
/** Longest wait for the last label to be found with its prediction. */
const joinMs = 60_000;
const repository = resolve(import.meta.dirname, '../..');

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const untilJoined = async (url: string, predictionId: string, stop: AbortSignal): Promise<boolean> => {
  const until = performance.now() + joinMs;
  while (performance.now() < until) {
    if (await isJoined(url, predictionId)) return true;
    await pause(tickMs, undefined, { signal: stop });
  }
  return false;
};

/** A group that is new takes a moment to get its partitions. */
const untilRunning = async (url: string, stream: string, stop: AbortSignal): Promise<void> => {
  for (;;) {
    const { state, partitions = [] } = (await askStatus(url, stream)) ?? {};
    if (state === 'RUNNING' && partitions.length > 0) return;
    await pause(pollMs, undefined, { signal: stop });
  }
};

interface Following {
  readonly url: string;
  readonly stream: string;
  readonly tally: Tally;
  readonly labels: Labels;
  readonly startedAt: number;
}

const tellingOf = async ({ url, stream, tally, labels, startedAt }: Following) => {
  const status = (await askStatus(url, stream)) ?? {};
  return { tally, labels, status, tookMs: performance.now() - startedAt };
};

/** Says how it goes once a second until all events have come out of the sink. */
const follow = async (
  following: Following,
  { events }: DemoOptions,
  sent: () => number,
  stop: AbortSignal,
): Promise<void> => {
  while (following.tally.events < events) {
    await pause(tickMs, undefined, { signal: stop });
    say(progressLine(await tellingOf(following), sent()));
  }
};

/** Runs it all, from the start of Sluice to its end. Rejects when it is told to stop. */
export const runDemo = async (options: DemoOptions, stop: AbortSignal): Promise<void> => {
  await using stack = new AsyncDisposableStack();
  say('starting Sluice');
  const customers = await readCustomers(repository);
  const { url, home, eventLogUrl } = stack.use(await startSluice(repository));
  const log = stack.use(await openEventLog({ url: eventLogUrl }));
  const stream = await declareStream(log, home, options.delivery);
  const tally = openTally(options.events);
  const labels = await openLabels(log, customers, stack);
  stack.use(
    await watchScores(log, stream, (scores) => {
      tally.note(scores);
      labels.note(scores);
    }),
  );
  say(`${sourceTopic} → churn 2.0.0 → ${sinkTopic}, ${options.delivery}, on ${eventLogUrl}; asked at ${url}`);
  await untilRunning(url, stream, stop);
  const following = { url, stream, tally, labels, startedAt: performance.now() };
  let sent = 0;
  const sending = sendEvents(log, customers, options, (events) => {
    sent = events;
  });
  await Promise.all([sending, follow(following, options, () => sent, stop)]);
  const ended = await tellingOf(following);
  await labels.finish();
  const isLastJoined = labels.last !== undefined && (await untilJoined(url, labels.last, stop));
  say(summary(ended, isLastJoined));
};
