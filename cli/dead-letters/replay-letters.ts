import type { EventLog, Message, TopicMessages, Transactor } from '@sluice/kernel/event-log/event-log';
import type { ProgressBar } from '../output/progress-bar.ts';
import { type Letter, originalHeaders } from './letter.ts';
import { type LettersOptions, readLetters } from './read-letters.ts';
import { createReplayedTopic, noteReplayed } from './replayed-letters.ts';

export interface ReplayOptions extends LettersOptions {
  /** Where all of them go; undefined: to the topics that they came from. */
  readonly toTopic: string | undefined;
  /**
   * Opened before it was read what was replayed: whoever replayed until then is fenced, and all that was sent can be
   * seen. (Kafka acknowledges a transaction a little before others can read it.)
   */
  readonly transactor: Transactor;
  /** Ids of letters that are left out. */
  readonly replayed: ReadonlySet<string>;
  readonly max: number;
}

/** What a replay is going to do. */
export interface ReplayPlan {
  /** Letters by the topic that they go to. */
  readonly targets: ReadonlyMap<string, number>;
  readonly total: number;
  /** Meant, but sent before. */
  readonly sentBefore: number;
  /** Meant, but the topic that they came from is not there, or not known. */
  readonly lost: number;
}

/** Of one transaction. */
const maxMessages = 500;
const maxBytes = 4 * 1024 ** 2;

/** Partitions of the topics that letters may go to. */
type Targets = ReadonlyMap<string, number>;

const partitionsOf = async ({ admin }: EventLog): Promise<Targets> => {
  const names = await admin.topics();
  const counts = names.map(async (name) => [name, (await admin.ranges(name)).length] as const);
  return new Map(await Promise.all(counts));
};

/** Where a letter goes; undefined: nowhere. */
const targetOf = (letter: Letter, { toTopic }: ReplayOptions, targets: Targets): string | undefined => {
  const target = toTopic ?? letter.topic;
  return target !== undefined && targets.has(target) ? target : undefined;
};

/** @throws SluiceError INVALID_INPUT when the topic that all are to go to is not there */
export const planReplay = async (options: ReplayOptions): Promise<ReplayPlan> => {
  if (options.toTopic !== undefined) await options.log.admin.ranges(options.toTopic);
  const known = await partitionsOf(options.log);
  const targets = new Map<string, number>();
  let [total, sentBefore, lost] = [0, 0, 0];
  for await (const letter of readLetters(options)) {
    const target = targetOf(letter, options, known);
    if (options.replayed.has(letter.id)) sentBefore += 1;
    else if (target === undefined) lost += 1;
    else {
      targets.set(target, (targets.get(target) ?? 0) + 1);
      total += 1;
      if (total >= options.max) break;
    }
  }
  return { targets, total, sentBefore, lost };
};

/** As it was: in its own topic in its own partition, too, whoever chose it. */
const messageOf = (letter: Letter, target: string, partitions: number): Message => {
  const { key, value } = letter.received;
  const isOwn = target === letter.topic && letter.partition !== undefined && letter.partition < partitions;
  return {
    key: key ?? Buffer.alloc(0),
    value,
    headers: originalHeaders(letter),
    ...(isOwn && { partition: letter.partition }),
  };
};

const sizeOf = ({ received: { key, value } }: Letter): number => (key?.length ?? 0) + (value?.length ?? 0);

/**
 * Sends letters back as the messages that they were, and notes in the same transaction that it did: each is sent once,
 * whatever happens meanwhile, and of two who replay at once one is refused.
 * @throws SluiceError FENCED: somebody else replays; EVENT_LOG_UNAVAILABLE
 */
export const replayLetters = async (
  options: ReplayOptions,
  { total }: ReplayPlan,
  progress: ProgressBar,
): Promise<number> => {
  const { log, transactor } = options;
  const known = await partitionsOf(log);
  await createReplayedTopic(log);
  let gathered: { readonly letter: Letter; readonly target: string }[] = [];
  let [sent, bytes] = [0, 0];
  const commit = async (): Promise<void> => {
    if (gathered.length === 0) return;
    const messages = gathered.map(
      ({ letter, target }): TopicMessages => ({
        topic: target,
        messages: [messageOf(letter, target, known.get(target) ?? 0)],
      }),
    );
    await transactor.commit({
      messages: [...messages, noteReplayed(gathered.map(({ letter }) => letter))],
    });
    sent += gathered.length;
    progress.at(sent / total, sent);
    [gathered, bytes] = [[], 0];
  };
  for await (const letter of readLetters(options)) {
    const target = options.replayed.has(letter.id) ? undefined : targetOf(letter, options, known);
    if (target === undefined) continue;
    gathered.push({ letter, target });
    bytes += sizeOf(letter);
    if (gathered.length >= maxMessages || bytes >= maxBytes) await commit();
    if (sent + gathered.length >= total) break;
  }
  await commit();
  return sent;
};
