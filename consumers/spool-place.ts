import type { Received } from '@sluice/kernel/event-log/event-log';
import type { SpoolPlace } from '@sluice/kernel/records/record-store';
import { sequenceHeader, spoolHeader } from '@sluice/kernel/records/topics';

/** The first value of a header, as text. */
export const headerOf = ({ headers }: Pick<Received, 'headers'>, name: string): string | undefined =>
  headers.find(([given]) => given === name)?.[1].toString('utf8');

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Where a message was shipped from; undefined: from no spool, or its headers are not as a spool writes them. */
export const placeOf = (message: Received): SpoolPlace | undefined => {
  const spool = headerOf(message, spoolHeader);
  const sequence = Number(headerOf(message, sequenceHeader) ?? Number.NaN);
  if (spool === undefined || !isUuid(spool) || !Number.isSafeInteger(sequence) || sequence < 0)
    return undefined;
  return { spool, topic: message.topic, partition: message.partition, sequence };
};
