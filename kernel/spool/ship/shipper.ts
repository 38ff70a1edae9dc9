import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog, Header, NewTopic } from '../../event-log/event-log.ts';
import type { SegmentEnd } from '../disk/spool-folder.ts';
import { openConnection } from './connection.ts';
import { createMessages, type Shipment } from './messages.ts';
import { putRejected, readRejected } from './rejected.ts';
import { type SendOptions, type Shrink, sendAll } from './send-all.ts';
import type { Report, Shipper, Source } from './source.ts';
import { SourceReader } from './source-reader.ts';

export interface ShipperOptions {
  readonly openLog: () => Promise<EventLog>;
  readonly topics: readonly NewTopic[];
  readonly common: ReadonlyMap<string, readonly Header[]>;
  readonly partitions: number;
  readonly shrink: Shrink;
  readonly report: (report: Report) => void;
  /** Not 0: nothing is left and the next wake() is waited for. Shared with who wakes. */
  readonly bell: Int32Array<SharedArrayBuffer>;
}

export interface ShipperCore extends Shipper {
  /** Rejects when it cannot go on: a file cannot be read. */
  readonly ended: Promise<void>;
}

/** Of one send. */
const batchBytes = 1024 ** 2;
/** While there is a flow, what comes within it goes together, that a message costs little; the first goes at once. */
const gatherMs = 20;

interface Shipped {
  readonly reader: SourceReader;
  readonly setAside: Set<number>;
}

/** The core of shipping, in whatever thread it runs. */
export const createShipper = (options: ShipperOptions): ShipperCore => {
  const { report, bell } = options;
  const ending = new AbortController();
  const draining = new AbortController();
  const sources = new Map<string, Shipped>();
  const connection = openConnection({ ...options, signal: ending.signal });
  const toMessages = createMessages(options);
  let woken = Promise.withResolvers<void>();
  let sending: Promise<unknown> = Promise.resolve();

  const sendOptions = ({ reader, setAside }: Shipped): SendOptions => ({
    connection,
    shrink: options.shrink,
    setAside: (shipment: Shipment, reason: string) => {
      putRejected(reader.path, shipment, reason);
      setAside.add(shipment.sequence);
      const { topic, sequence } = shipment;
      report({ kind: 'set-aside', id: reader.id, sequence, topic, reason });
    },
  });

  /** How many bytes were shipped of a source. */
  const shipSome = async (source: Shipped): Promise<number> => {
    const { reader, setAside } = source;
    const portion = await reader.read(batchBytes);
    if (portion === undefined) return 0;
    const shipments = toMessages(reader.id, portion, setAside);
    await sendAll(sendOptions(source), shipments);
    reader.moveTo(portion.next);
    report({ kind: 'shipped', entries: shipments.length });
    return portion.bytes.length;
  };

  const shipRound = async (): Promise<number> => {
    let bytes = 0;
    for (const [id, source] of [...sources]) {
      // Removed while one before it was sent.
      if (sources.get(id) !== source) continue;
      const sent = shipSome(source);
      sending = sent.catch(() => undefined);
      bytes = Math.max(bytes, await sent);
    }
    return bytes;
  };

  const waitForMore = async (): Promise<void> => {
    Atomics.store(bell, 0, 1);
    // Looked at again: it may have been written before the bell was there to be rung.
    const bytes = await shipRound();
    if (bytes === 0 && !draining.signal.aborted) await woken.promise;
    woken = Promise.withResolvers<void>();
    Atomics.store(bell, 0, 0);
  };

  const run = async (): Promise<void> => {
    for (;;) {
      const bytes = await shipRound();
      if (bytes === 0 && draining.signal.aborted) return;
      if (bytes === 0) await waitForMore();
      else if (bytes < batchBytes / 2 && !draining.signal.aborted) await sleep(gatherMs);
    }
  };
  const ended = run();
  ended.catch(() => undefined);

  return {
    ended,
    add: (source: Source) => {
      sources.set(source.id, { reader: new SourceReader(source), setAside: readRejected(source.path) });
      woken.resolve();
    },
    extend: (id: string, segment: SegmentEnd) => {
      sources.get(id)?.reader.extend(segment);
      woken.resolve();
    },
    remove: async (id: string) => {
      const source = sources.get(id);
      sources.delete(id);
      await sending;
      await source?.reader[Symbol.asyncDispose]();
    },
    wake: () => woken.resolve(),
    close: async (drainMs: number) => {
      draining.abort();
      woken.resolve();
      const timer = setTimeout(() => ending.abort(), drainMs);
      await ended.catch(() => undefined);
      clearTimeout(timer);
      await connection[Symbol.asyncDispose]();
      for (const { reader } of sources.values()) await reader[Symbol.asyncDispose]();
    },
  };
};
