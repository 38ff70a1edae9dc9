import type { Header, Message } from '../../event-log/event-log.ts';
import { sequenceHeader, spoolHeader } from '../../records/topics.ts';
import {
  entryValue,
  idOf,
  keyOf,
  partitionOfEntry,
  pushHeaders,
  timestampAt,
  topicAt,
} from '../disk/entry.ts';
import { eachEntry } from '../disk/stretch.ts';
import type { Portion } from './source-reader.ts';

/** A message with what is needed to set it aside. */
export interface Shipment {
  readonly topic: string;
  /** What all messages of the topic have that come from the same spool: the same list. */
  readonly shared: readonly Header[];
  readonly message: Message;
  readonly sequence: number;
}

export interface MessageOptions {
  /** Headers that all messages of a topic have. */
  readonly common: ReadonlyMap<string, readonly Header[]>;
  readonly partitions: number;
}

/** `ce_time`; neighbours share it, for many come in one millisecond. */
const timeText = (): ((timestampMs: number) => Buffer) => {
  let last = Number.NaN;
  let text: Buffer;
  return (timestampMs) => {
    if (timestampMs !== last) text = Buffer.from(new Date(timestampMs).toISOString(), 'latin1');
    last = timestampMs;
    return text;
  };
};

/** The messages of a folder's blocks, but for entries that were set aside; bytes are parts of the blocks. */
export const createMessages = ({ common, partitions }: MessageOptions) => {
  const timeOf = timeText();
  return (id: string, { bytes, topics }: Portion, setAside: ReadonlySet<number>): Shipment[] => {
    const spool: Header = [spoolHeader, Buffer.from(id)];
    const places = topics.map((topic) => ({ topic, shared: [...(common.get(topic) ?? []), spool] }));
    const shipments: Shipment[] = [];
    eachEntry(bytes, (at, sequence) => {
      if (setAside.has(sequence)) return;
      const place = places[topicAt(bytes, at)] ?? { topic: '', shared: [spool] };
      const timestampMs = timestampAt(bytes, at);
      const headers: Header[] = [
        ['ce_id', idOf(bytes, at)],
        ['ce_time', timeOf(timestampMs)],
      ];
      pushHeaders(bytes, at, headers);
      headers.push([sequenceHeader, Buffer.from(String(sequence), 'latin1')]);
      const key = keyOf(bytes, at);
      const partition = partitionOfEntry(bytes, at, partitions);
      // It has the time at which it is shipped: a log keeps messages by their time, and takes none that is far ahead.
      const message = { key, value: entryValue(bytes, at), headers, partition };
      shipments.push({ ...place, message, sequence });
    });
    return shipments;
  };
};
