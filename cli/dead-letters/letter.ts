import type { Header, Received } from '@sluice/kernel/event-log/event-log';

const prefix = 'sluice.error.';

/** What could not be worked on, with what its headers say of why. */
export interface Letter {
  /** `topic-partition-offset`: where the letter itself lies. */
  readonly id: string;
  readonly stage: string | undefined;
  readonly stream: string | undefined;
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** Where it came from. */
  readonly topic: string | undefined;
  readonly partition: number | undefined;
  readonly offset: string | undefined;
  readonly attempts: number | undefined;
  /** RFC 3339; where no header says it, when it was written. */
  readonly time: string;
  readonly received: Received;
}

export interface LetterPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export const idOf = ({ topic, partition, offset }: LetterPlace): string => `${topic}-${partition}-${offset}`;

/** undefined: it is no id. A topic may have hyphens, too. */
export const placeOf = (id: string): LetterPlace | undefined => {
  const [, topic = '', partition = '', offset = ''] = /^(.+)-(\d{1,9})-(\d{1,18})$/.exec(id) ?? [];
  return topic === '' ? undefined : { topic, partition: Number(partition), offset: BigInt(offset) };
};

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

const timeOf = (text: string | undefined, { timestampMs }: Received): string => {
  const ms = Date.parse(text ?? '');
  return new Date(Number.isNaN(ms) ? timestampMs : ms).toISOString();
};

/** A letter that died twice says last why it did so last. */
export const letterOf = (received: Received): Letter => {
  const said = (name: string): string | undefined =>
    received.headers.findLast(([header]) => header === `${prefix}${name}`)?.[1].toString();
  return {
    id: idOf(received),
    stage: said('stage'),
    stream: said('stream'),
    code: said('code'),
    message: said('message'),
    topic: said('topic'),
    partition: numberOf(said('partition')),
    offset: said('offset'),
    attempts: numberOf(said('attempts')),
    time: timeOf(said('time'), received),
    received,
  };
};

/** Headers as they were before the letter was written. */
export const originalHeaders = ({ received }: Letter): Header[] =>
  received.headers.filter(([name]) => !name.startsWith(prefix));

/** Which letters are meant; times are RFC 3339 in UTC. */
export interface LetterFilter {
  readonly stream: string | undefined;
  readonly code: string | undefined;
  readonly from: string | undefined;
  /** Before. */
  readonly to: string | undefined;
}

export const isMeant = ({ stream, code, from, to }: LetterFilter, letter: Letter): boolean =>
  (stream === undefined || letter.stream === stream) &&
  (code === undefined || letter.code === code) &&
  (from === undefined || letter.time >= from) &&
  (to === undefined || letter.time < to);
