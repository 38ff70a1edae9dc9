import { SluiceError } from '../../errors/sluice-error.ts';
import type { SpoolEntry } from '../spool.ts';
import { faultOf } from './entry.ts';

export interface SpoolLimits {
  /** Of all segments of the spool. */
  readonly maxBytes: number;
  /** Of the oldest entry that is not known to be stored. */
  readonly maxAgeMs: number;
  /** A new segment begins where the last would grow beyond it; what is removed at once. */
  readonly segmentBytes: number;
}

/** Entries that wait for the disk. */
const maxGatheredBytes = 64 * 1024 ** 2;

export const full = (why: string): SluiceError =>
  new SluiceError('SPOOL_FULL', `the record cannot be kept: ${why}`);

export const invalidEntry = (message: string): SluiceError =>
  new SluiceError('INVALID_INPUT', `a spool's entry has ${message}`);

/** What can be no entry. */
export const entryFault = (entry: SpoolEntry): SluiceError | undefined => {
  const fault = faultOf(entry);
  return fault === undefined ? undefined : invalidEntry(fault);
};

/** @param gatheredBytes of those that wait for the disk @param bytes of another one */
export const roomFault = (
  { maxBytes }: SpoolLimits,
  diskBytes: number,
  gatheredBytes: number,
  bytes: number,
): SluiceError | undefined => {
  if (diskBytes + gatheredBytes + bytes > maxBytes)
    return full(`the spool has ${diskBytes} bytes, of ${maxBytes} that it may have`);
  return gatheredBytes > maxGatheredBytes ? full('the disk does not keep up') : undefined;
};

export const ageFault = (
  { maxAgeMs }: SpoolLimits,
  oldestMs: number | undefined,
  now: () => number,
): SluiceError | undefined =>
  oldestMs !== undefined && now() - oldestMs > maxAgeMs
    ? full(`the oldest record waits for longer than ${maxAgeMs} ms to be stored`)
    : undefined;
