import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { EventLog, Header, Message, Received } from '@sluice/kernel/event-log/event-log';
import { deadLettersTopic } from '@sluice/kernel/records/topics';
import type { Log } from '@sluice/kernel/telemetry/log';

/** What could not be worked on, and why. */
export interface DeadLetter {
  /** With what is known of where it came from. */
  readonly message: Pick<Received, 'topic' | 'key' | 'value' | 'headers'> & Partial<Received>;
  readonly error: SluiceError;
  /** Not given: one. */
  readonly attempts?: number;
  /** The stream that it was an event of. */
  readonly stream?: string;
}

export interface DeadLettersOptions {
  readonly eventLog: EventLog;
  /** The consumer, in `sluice.error.stage`. */
  readonly stage: string;
  readonly log: Log;
  readonly onLetter: (code: string) => void;
}

export interface DeadLetters {
  /** Resolves when they are in the topic. @throws SluiceError EVENT_LOG_UNAVAILABLE */
  send(letters: readonly DeadLetter[]): Promise<void>;
}

/** Between two lines of the log about dead letters. */
const tellEveryMs = 60_000;

const reasons = (stage: string, { message, error, attempts = 1, stream }: DeadLetter): Header[] => {
  const said: Record<string, string | number | bigint | undefined> = {
    stage,
    code: error.code,
    message: error.message,
    topic: message.topic,
    partition: message.partition,
    offset: message.offset,
    attempts,
    time: new Date().toISOString(),
    stream,
  };
  return Object.entries(said).flatMap(([name, value]) =>
    value === undefined ? [] : [[`sluice.error.${name}`, Buffer.from(String(value))] as const],
  );
};

/** Original key, bytes and headers, and the reason in further headers. */
export const letterOf = (stage: string, letter: DeadLetter): Message => {
  const { key, value, headers } = letter.message;
  return { key: key ?? Buffer.alloc(0), value, headers: [...headers, ...reasons(stage, letter)] };
};

/** One line in a while, with how many there were since. */
const letterTeller = (log: Log, stage: string) => {
  let toldAt = Number.NEGATIVE_INFINITY;
  let since = 0;
  return ({ message, error }: DeadLetter): void => {
    since += 1;
    if (performance.now() - toldAt < tellEveryMs) return;
    const { topic, partition, offset } = message;
    const place = { topic, partition, offset: offset?.toString() };
    log.warn(
      { consumer: stage, ...place, code: error.code, letters: since },
      `dead letter: ${error.message}`,
    );
    toldAt = performance.now();
    since = 0;
  };
};

/** Opens the way to the topic of dead letters. */
export const openDeadLetters = async (
  { eventLog, stage, log, onLetter }: DeadLettersOptions,
  stack: AsyncDisposableStack,
): Promise<DeadLetters> => {
  const producer = stack.use(await eventLog.openProducer());
  const tell = letterTeller(log, stage);
  const sendOne = async (letter: DeadLetter): Promise<void> => {
    try {
      await producer.send([{ topic: deadLettersTopic, messages: [letterOf(stage, letter)] }]);
    } catch (error) {
      // With the reason in its headers it may have become larger than the log allows; it must not stop the rest.
      if (!(error instanceof SluiceError) || error.code !== 'INVALID_INPUT') throw error;
      log.error(
        { consumer: stage, err: error },
        'a dead letter cannot be written; it is only in its own topic',
      );
    }
    onLetter(letter.error.code);
    tell(letter);
  };
  return {
    send: async (letters) => {
      for (const letter of letters) await sendOne(letter);
    },
  };
};
