import { messageOf } from '../../errors/message-of.ts';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { EventLog, NewTopic, Producer, TopicMessages } from '../../event-log/event-log.ts';
import { backOff } from './back-off.ts';
import type { Report } from './source.ts';

export interface ConnectionOptions {
  readonly openLog: () => Promise<EventLog>;
  readonly topics: readonly NewTopic[];
  readonly report: (report: Report) => void;
  /** Aborted when nothing is to be tried any more. */
  readonly signal: AbortSignal;
}

/** A way to the log that is tried for as long as it takes. */
export interface Connection extends AsyncDisposable {
  /**
   * Resolves when all are stored.
   * @throws SluiceError INVALID_INPUT: the log will never take one of them; the signal's reason
   */
  send(batch: readonly TopicMessages[]): Promise<void>;
}

interface Opened {
  readonly log: EventLog;
  readonly producer: Producer;
}

const isCode = (error: unknown, code: string): boolean => error instanceof SluiceError && error.code === code;

/** Who may not make topics can still write to those that somebody else made. */
const makeTopics = async ({ admin }: EventLog, topics: readonly NewTopic[]): Promise<void> => {
  try {
    await admin.create(topics);
  } catch (error) {
    if (!isCode(error, 'PERMISSION_DENIED')) throw error;
    const there = await admin.topics();
    if (!topics.every(({ topic }) => there.includes(topic))) throw error;
  }
};

const open = async ({ openLog, topics }: ConnectionOptions): Promise<Opened> => {
  const log = await openLog();
  try {
    await makeTopics(log, topics);
    return { log, producer: await log.openProducer() };
  } catch (error) {
    await log[Symbol.asyncDispose]();
    throw error;
  }
};

/** A refused message may only mean that the topic was removed; it is made again then. */
const isRefusal = async (error: unknown, { log }: Opened, topics: readonly NewTopic[]): Promise<boolean> => {
  if (!isCode(error, 'INVALID_INPUT')) return false;
  const there = await log.admin.topics();
  return topics.every(({ topic }) => there.includes(topic));
};

export const openConnection = (options: ConnectionOptions): Connection => {
  const { report, signal, topics } = options;
  let opened: Opened | undefined;
  let isAway = false;
  const leave = async (): Promise<void> => {
    const leaving = opened;
    opened = undefined;
    await leaving?.producer[Symbol.asyncDispose]();
    await leaving?.log[Symbol.asyncDispose]();
  };
  const lose = async (error: unknown): Promise<void> => {
    if (!isAway) report({ kind: 'away', reason: messageOf(error) });
    isAway = true;
    await leave().catch(() => undefined);
  };
  const trySend = async (batch: readonly TopicMessages[]): Promise<void> => {
    opened ??= await open(options);
    const used = opened;
    try {
      await used.producer.send(batch);
    } catch (error) {
      if (await isRefusal(error, used, topics)) throw error;
      throw new SluiceError('EVENT_LOG_UNAVAILABLE', messageOf(error), { cause: error });
    }
  };
  const send = async (batch: readonly TopicMessages[]): Promise<void> => {
    const pause = backOff();
    for (;;)
      try {
        signal.throwIfAborted();
        await trySend(batch);
        if (isAway) report({ kind: 'back' });
        isAway = false;
        return;
      } catch (error) {
        if (opened !== undefined && isCode(error, 'INVALID_INPUT')) throw error;
        await lose(error);
        await pause(signal);
      }
  };
  return { send, [Symbol.asyncDispose]: leave };
};
