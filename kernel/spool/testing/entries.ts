import { predictionsTopic } from '../../records/topics.ts';
import type { SpoolEntry } from '../spool.ts';

/** A UUID of version 7 of that millisecond, which ends with a number. */
export const idOf = (timeMs: number, number: number): string => {
  const hex = timeMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
};

export const entry = (number: number, more: Partial<SpoolEntry> = {}): SpoolEntry => {
  const timestampMs = more.timestampMs ?? 1_700_000_000_000 + number;
  return {
    topic: predictionsTopic,
    id: idOf(timestampMs, number),
    key: `key-${number % 7}`,
    value: Buffer.from(`value-${number}`),
    headers: [['ce_subject', Buffer.from(`subject-${number}`)]],
    timestampMs,
    ...more,
  };
};
