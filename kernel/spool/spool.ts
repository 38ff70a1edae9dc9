import type { Header } from '../event-log/event-log.ts';
import type { Watermark } from '../records/watermark.ts';

/** A message that is to be shipped to the event log. */
export interface SpoolEntry {
  readonly topic: string;
  /** Under which find() has it, and the header `ce_id`: a UUID. */
  readonly id: string;
  readonly key: string;
  /** Copied before append() returns. */
  readonly value: Uint8Array;
  /**
   * Beside those that all messages of the topic have, which the spool was opened with. Entries that have the same list,
   * the very one, cost less.
   */
  readonly headers: readonly Header[];
  /** The header of that name, which differs from entry to entry (www.w3.org/TR/trace-context); empty: there is none. */
  readonly traceparent?: string;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
}

/** What is in a spool and not yet known to be stored. */
export interface SpoolDepth {
  readonly entries: number;
  readonly bytes: number;
  /** Of the oldest entry, in milliseconds; 0: there is none. */
  readonly ageMs: number;
}

/** A gateway's durable queue of messages that are not yet known to be stored. */
export interface Spool extends AsyncDisposable {
  /** A UUID that stays with the folder. */
  readonly id: string;
  /**
   * Resolves when the entry survives the death of the process; with `fsync`, a power loss too.
   * @throws SluiceError SPOOL_FULL: too many bytes, too old an entry, or no room on the disk; nothing was kept
   */
  append(entry: SpoolEntry, fsync: boolean): Promise<void>;
  /** The value of an entry that is still here. */
  find(topic: string, id: string): Promise<Uint8Array | undefined>;
  depth(): SpoolDepth;
}

/** Asks how far a spool's messages are stored. @throws whatever keeps it from knowing; it is asked again */
export type ReadWatermarks = (spool: string) => Promise<readonly Watermark[]>;
