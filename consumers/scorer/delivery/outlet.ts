import type {
  AssignedPartition,
  EventLog,
  Header,
  Message,
  TopicMessages,
} from '@sluice/kernel/event-log/event-log';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import type { Slot } from '../partition/slot.ts';

/** Finished events of a partition, without a gap and in their order. */
export interface Group {
  readonly slots: readonly Slot[];
  /** What is to be read after them. */
  readonly next: bigint;
}

/** Where the finished events of one partition go. */
export interface Outlet extends AsyncDisposable {
  /** What lies before it was written already. */
  readonly start: bigint;
  /**
   * Writes what came of them. When it failed the same group may be given once more, or its events in smaller groups.
   * @throws SluiceError INVALID_INPUT for a message that the log will never take, nothing being kept; FENCED when
   *   somebody else has the partition; EVENT_LOG_UNAVAILABLE
   */
  write(group: Group): Promise<void>;
  /**
   * Keeps what is to be read next, all before it being written; while other groups are written.
   * @throws SluiceError EVENT_LOG_UNAVAILABLE
   */
  commit(next: bigint): Promise<void>;
}

export interface OutletOptions {
  readonly eventLog: Pick<EventLog, 'admin' | 'openTransactor'>;
  readonly stream: Pick<Stream, 'name' | 'to' | 'deadLetters'>;
  /** That all scored events have. */
  readonly headers: readonly Header[];
  /** The stream's consumer group. */
  readonly group: string;
  readonly partition: AssignedPartition;
}

const isThere = (message: Message | undefined): message is Message => message !== undefined;

/** What is to be written of a group, in the order of its events. */
export const messagesOf = (
  { slots }: Pick<Group, 'slots'>,
  { stream: { to, deadLetters }, headers }: Pick<OutletOptions, 'stream' | 'headers'>,
): TopicMessages[] =>
  [
    { topic: to, headers, messages: slots.map(({ result }) => result?.scored).filter(isThere) },
    { topic: predictionsTopic, messages: slots.map(({ result }) => result?.record).filter(isThere) },
    { topic: deadLetters, messages: slots.map(({ result }) => result?.letter).filter(isThere) },
  ].filter(({ messages }) => messages.length > 0);
