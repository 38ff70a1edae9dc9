import type { Header, Message, Received } from '@sluice/kernel/event-log/event-log';
import type { ReceivedRecord } from '@sluice/kernel/records/record-store';
import { sequenceHeader, spoolHeader } from '@sluice/kernel/records/topics';

export const header = (name: string, value: string): Header => [name, Buffer.from(value)];

export const spoolHeaders = (spool: string, sequence: number): Header[] => [
  header(spoolHeader, spool),
  header(sequenceHeader, String(sequence)),
];

/** A message as the gateway's spool ships it. */
export const shipped = (
  { record, bytes }: ReceivedRecord,
  spool: string,
  sequence: number,
  more: readonly Header[] = [],
): Message => ({
  key: Buffer.from(record.predictionId),
  value: bytes,
  headers: [...spoolHeaders(spool, sequence), ...more],
});

export const json = (value: unknown): Message => ({
  key: Buffer.from('key'),
  value: Buffer.from(JSON.stringify(value)),
  headers: [header('content-type', 'application/json')],
});

export const headersOf = ({ headers }: Pick<Received, 'headers'>): Record<string, string> =>
  Object.fromEntries(headers.map(([name, value]) => [name, value.toString()]));
