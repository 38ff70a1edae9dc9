import { hash } from 'node:crypto';
import type { Position } from '@sluice/kernel/event-log/event-log';
import { lastMs } from '@sluice/kernel/records/prediction-time';

/**
 * The time of an event as its id holds it: whole milliseconds from 1970 to the end of the year 9999, which is the last one
 * that ids of predictions may have. An event without a time has -1.
 */
export const eventTimeMs = (timestampMs: number): number =>
  Math.min(Math.max(Math.trunc(timestampMs), 0), lastMs);

/** The variant of RFC 9562 in the two upper bits of a hexadecimal digit. */
const variantDigits = '89ab';

/** Version 7, and where all other digits of an id stand in its text: first those of the time. */
const layout = 'xxxxxxxx-xxxx-7xxx-xxxx-xxxxxxxxxxxx';
const places = [...layout].flatMap((sign, place) => (sign === 'x' ? [place] : []));
/** V8 would keep a text that is put together as its parts, until somebody reads it. */
const text = Buffer.from(layout);

const write = (digits: string, first: number): void => {
  for (let place = first; place < first + digits.length && place < places.length; place += 1)
    text[places[place] as number] = digits.charCodeAt(place - first);
};

const timeDigits = 12;
const variantPlace = timeDigits + 3;

export interface EventIdsOptions {
  /** Of the event log, so that topics of one name in two clusters are told apart. */
  readonly logId: string;
  readonly stream: string;
}

/**
 * Ids of predictions by where their events lie: the layout of a UUIDv7 (RFC 9562 §5.7) of the event's time and, for its
 * random bits, 74 of the SHA-256 of log, stream, topic, partition and offset. The same event of the same stream always
 * has the same id.
 */
export const createEventIds =
  ({ logId, stream }: EventIdsOptions) =>
  ({ topic, partition, offset }: Position, timestampMs: number): string => {
    // Neither topics nor streams have a NUL: no two places give one text.
    const digest = hash('sha256', `${logId}\0${stream}\0${topic}\0${partition}\0${offset}`, 'hex');
    write(eventTimeMs(timestampMs).toString(16).padStart(timeDigits, '0'), 0);
    write(digest, timeDigits);
    write(variantDigits.charAt(Number.parseInt(digest.charAt(3), 16) & 3), variantPlace);
    return text.toString('latin1');
  };
