import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import type { Revision } from '@sluice/kernel/revision/revision';
import { listRevisions, readRevision } from '@sluice/kernel/revision/revisions';
import type { StreamSettings } from '@sluice/kernel/revision/stream-settings';
import { openStore } from '@sluice/kernel/store/open-store';
import { type RunningConsumers, startConsumers, untilConsuming } from './consumers.ts';
import type { Environment, RunningGateway } from './sluice.ts';
import { waitFor } from './wait-for.ts';

/** What scores streams, as npm start has it. */
export interface Scoring extends AsyncDisposable {
  /** Waits until the streams of the newest revision run, and all events so far are scored and stored. */
  untilScored(gateway: RunningGateway): Promise<unknown>;
}

/** For those who have no streams. */
export const noScoring: Scoring = {
  untilScored: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};

export interface ScoringOptions {
  readonly store: string;
  /** host:port of the gateway's link. */
  readonly link: string;
  /** Where event log and database are. */
  readonly env: Environment;
}

const scoredMs = 60_000;
const recorderGroup = 'sluice.recorder';

/** Of each revision, the oldest first. */
const revisionsOf = async (url: string): Promise<Revision[]> => {
  const store = openStore(url);
  const numbers = (await listRevisions(store)).reverse();
  return Promise.all(numbers.map((number) => readRevision(store, number)));
};

const textIn = (revision: Revision | undefined, name: string): string =>
  JSON.stringify(revision?.streams.find((each) => each.name === name) ?? null);

/** How often a scorer that saw every revision has begun a stream. */
const beginningsOf = (name: string, revisions: readonly Revision[]): number =>
  revisions.filter((each, index) => {
    const text = textIn(each, name);
    return text !== 'null' && text !== textIn(revisions[index - 1], name);
  }).length;

const hasBegun = ({ lines }: RunningConsumers, name: string, revisions: readonly Revision[]): boolean =>
  lines.filter(({ msg }) => msg === `stream ${name} begins`).length >= beginningsOf(name, revisions);

interface Answer {
  readonly stream: {
    readonly partitions: readonly {
      readonly topic: string;
      readonly partition: number;
      readonly committed: string;
    }[];
  };
}

/** Whether the gateway says that everything in the topics of a stream was committed. A topic may not be there yet. */
const isCommitted = async (log: EventLog, http: string, stream: StreamSettings): Promise<boolean> => {
  const there = await log.admin.topics();
  const topics = [stream.from].flat();
  if (![...topics, stream.to].every((topic) => there.includes(topic))) return true;
  const answer = await fetch(`${http}/v1/streams/${stream.name}`);
  if (!answer.ok) return false;
  const { partitions } = ((await answer.json()) as Answer).stream;
  for (const topic of topics)
    for (const { partition, next } of await log.admin.ranges(topic)) {
      const told = partitions.find((each) => each.topic === topic && each.partition === partition);
      if (told === undefined || BigInt(told.committed) < next) return false;
    }
  return true;
};

/** Records that a transaction wrote are in no spool. */
const isRecorded = async ({ admin }: EventLog): Promise<boolean> => {
  const stored = await admin.committed(recorderGroup, predictionsTopic);
  const ranges = await admin.ranges(predictionsTopic);
  return ranges.every(
    ({ partition, first, next }) =>
      next === first || stored.some((each) => each.partition === partition && each.offset >= next),
  );
};

/** Starts a scorer in front of a gateway. */
export const startScoring = async ({ store, link, env }: ScoringOptions): Promise<Scoring> => {
  await using stack = new AsyncDisposableStack();
  const own = { CONSUMERS: 'scorer', GATEWAY_LINKS: link, STORE_URL: store, REVISION_POLL_MS: '100' };
  const scorer = stack.use(await startConsumers({ ...env, ...own, LAG_POLL_MS: '200' }));
  await untilConsuming(scorer);
  const log = stack.use(await openEventLog({ url: env['EVENT_LOG_URL'] ?? '' }));
  const owned = stack.move();
  const isScored = async ({ http }: RunningGateway): Promise<boolean> => {
    const revisions = await revisionsOf(store);
    const newest = revisions.at(-1);
    const { revision } = (await (await fetch(`${http}/health`)).json()) as { revision: number };
    if (newest === undefined || revision !== newest.revision) return false;
    for (const stream of newest.streams)
      if (!hasBegun(scorer, stream.name, revisions) || !(await isCommitted(log, http, stream))) return false;
    return isRecorded(log);
  };
  return {
    untilScored: (gateway) => waitFor('the events to be scored', () => isScored(gateway), scoredMs),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
