/**
 * The event log: topics of partitions, each an ordered list of messages that are written once and read by any number
 * of groups. Kafka, or the embedded log; no module outside of this folder knows which.
 */

export type Header = readonly [name: string, value: Buffer];
/** A header that is to be written. A text stands for its UTF-8, and takes a third of what a buffer of its own does. */
export type SentHeader = readonly [name: string, value: Buffer | string];

/** A message that is to be written. */
export interface Message {
  /** Messages of one key lie in one partition, in the order in which they were sent. */
  readonly key: Buffer;
  /** null: a tombstone. */
  readonly value: Buffer | null;
  /** A name may be there more than once. */
  readonly headers: readonly SentHeader[];
  /** Milliseconds since 1970; not given: when it is written. */
  readonly timestampMs?: number;
  /** Not given: by the key, as Kafka's own clients choose it (murmur2). */
  readonly partition?: number;
}

export interface TopicMessages {
  readonly topic: string;
  /** Of every message, before its own; what is the same for all costs less here. */
  readonly headers?: readonly SentHeader[];
  readonly messages: readonly Message[];
}

/** A partition of a topic, and a place in it. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A message as it was read. */
export interface Received extends Position {
  /** null: whoever wrote it gave none. */
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  readonly timestampMs: number;
}

export interface Producer extends AsyncDisposable {
  /**
   * Resolves when all are stored; none is stored twice, whatever is tried again meanwhile. Sends of one producer are
   * stored in the order of the calls.
   * @throws SluiceError EVENT_LOG_UNAVAILABLE: whether they were stored is not known; INVALID_INPUT for a message that
   *   the log will never take (too large, no such topic or partition), naming it.
   */
  send(batch: readonly TopicMessages[]): Promise<void>;
}

/** What is to become visible in one step. */
export interface Transaction {
  readonly messages: readonly TopicMessages[];
  /** Offsets of what was consumed for it: those that are to be read next. */
  readonly consumed?: { readonly group: string; readonly positions: readonly Position[] };
}

/** A producer of transactions; whoever opens one of the same id fences those that were opened before. */
export interface Transactor extends AsyncDisposable {
  /** @throws SluiceError EVENT_LOG_UNAVAILABLE, after which nothing is known and another one is to be opened; FENCED */
  commit(transaction: Transaction): Promise<void>;
}

/** A partition that a consumer has until somebody else gets it. */
export interface AssignedPartition {
  readonly topic: string;
  readonly partition: number;
  /** Aborted when it is taken away, or the consumer is closed. */
  readonly signal: AbortSignal;
  /** What is read first: what the group committed, else where it begins. */
  readonly start: bigint;
  /**
   * Batches in the order of their offsets, as they come; ends when the signal is aborted. Who does not ask for the next
   * batch stops the reading of this partition, and of no other one.
   */
  batches(): AsyncIterable<readonly Received[]>;
  /**
   * All below it was in batches that were asked for, or never comes: not every offset has a message (Kafka numbers the
   * ends of transactions, too). Where it has reached the end of a partition, nothing is left to be read until then.
   */
  next(): bigint;
  /**
   * Keeps the offset that is to be read next. After the signal it does nothing: somebody else has the partition.
   * @throws SluiceError EVENT_LOG_UNAVAILABLE
   */
  commit(next: bigint): Promise<void>;
}

/**
 * A place in each partition: one of its ends, the first message at or after a time (milliseconds since 1970; where there
 * is none, the latest), or an offset, brought between the ends.
 */
export type StartAt = 'earliest' | 'latest' | { readonly timeMs: number } | { readonly offset: bigint };

export interface ConsumeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Where a group begins that has committed nothing. Unless it is the earliest the group commits it before it reads, so
   * that it begins nowhere else when it gets the partition anew.
   */
  readonly from: StartAt;
  /** At most, of one batch; a larger message comes alone. */
  readonly maxBatchBytes: number;
  /**
   * Works on a partition until its signal is aborted. Before it settles nobody else gets the partition, as far as the
   * log can help it. When it rejects, the consumer ends.
   */
  readonly work: (partition: AssignedPartition) => Promise<void>;
}

export interface Consumer extends AsyncDisposable {
  /** Rejects with the reason when it ends by itself; resolves when it was closed. */
  readonly ended: Promise<void>;
  /** Partitions that it has now. */
  assigned(): readonly Pick<Position, 'topic' | 'partition'>[];
}

export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  /** Of Kafka's configuration, such as retention.ms. */
  readonly config?: Readonly<Record<string, string>>;
}

/** What a partition holds. */
export interface PartitionRange {
  readonly partition: number;
  /** The oldest offset that is still there. */
  readonly first: bigint;
  /** That of the next message. */
  readonly next: bigint;
}

export interface EventLogAdmin {
  /** Which log it is, by whatever URL: the same for ever, and that of no other log. */
  id(): Promise<string>;
  /**
   * Makes the topics that are not there.
   * @throws SluiceError TOPIC_MISMATCH when one is there with another number of partitions, naming both numbers;
   *   EVENT_LOG_UNAVAILABLE; PERMISSION_DENIED
   */
  create(topics: readonly NewTopic[]): Promise<void>;
  topics(): Promise<string[]>;
  /** By partition. @throws SluiceError INVALID_INPUT for a topic that is not there */
  ranges(topic: string): Promise<PartitionRange[]>;
  /** The first message at or after a time, of each partition; where there is none, the next offset. */
  offsetsAt(topic: string, timeMs: number): Promise<Position[]>;
  /** What a group committed of a topic; a partition without is not there. */
  committed(group: string, topic: string): Promise<Position[]>;
  /** Forgets all that a group committed. A group that somebody consumes for is left as it is. */
  forget(group: string): Promise<void>;
}

/** Reading is of committed transactions only. */
export interface EventLog extends AsyncDisposable {
  readonly url: string;
  readonly admin: EventLogAdmin;
  openProducer(): Promise<Producer>;
  openTransactor(id: string): Promise<Transactor>;
  consume(options: ConsumeOptions): Promise<Consumer>;
}
