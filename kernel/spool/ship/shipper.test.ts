import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { EventLog } from '../../event-log/event-log.ts';
import { predictionsTopic, recordPartitions } from '../../records/topics.ts';
import { Gather } from '../disk/gather.ts';
import { createSegment } from '../disk/segment-file.ts';
import { entry } from '../testing/entries.ts';
import { VirtualLog } from '../testing/virtual-log.ts';
import { createShipper } from './shipper.ts';
import type { Source } from './source.ts';

/** A folder with three entries, whose numbers begin there. */
const sourceOf = async (t: TestContext, id: string, from: number): Promise<Source> => {
  const path = await mkdtemp(join(tmpdir(), 'sluice-shipper-'));
  t.after(() => rm(path, { recursive: true }));
  await mkdir(join(path, 'rejected'));
  const gather = new Gather(1, recordPartitions);
  for (const number of [from, from + 1, from + 2])
    gather.add(entry(number), 0, gather.boundOf(entry(number)));
  const { bytes } = gather.take(1, Date.now());
  const file = await createSegment(path, 1, [predictionsTopic]);
  await file.handle.write(bytes, 0, bytes.length, file.headBytes);
  const end = new Uint32Array(new SharedArrayBuffer(4));
  end[0] = file.headBytes + bytes.length;
  await file.close();
  return { id, path, segments: [{ first: 1, end }] };
};

/** A log that takes nothing before its gate is open. */
const gated = (log: VirtualLog) => {
  const [asked, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { openLog } = log.session();
  const open = async (): Promise<EventLog> => {
    const opened = await openLog();
    const producer = await opened.openProducer();
    const send: typeof producer.send = async (batch) => {
      asked.resolve();
      await gate.promise;
      await producer.send(batch);
    };
    return { ...opened, openProducer: async () => ({ ...producer, send }) };
  };
  return { open, asked: asked.promise, openGate: gate.resolve };
};

test('a source that is removed while another one is sent is read no more', async (t) => {
  const log = new VirtualLog();
  const { open, asked, openGate } = gated(log);
  const shipper = createShipper({
    openLog: open,
    topics: [],
    common: new Map([[predictionsTopic, []]]),
    partitions: recordPartitions,
    shrink: () => undefined,
    report: () => undefined,
    bell: new Int32Array(new SharedArrayBuffer(4)),
  });
  const [first, second] = await Promise.all([sourceOf(t, 'first', 1), sourceOf(t, 'second', 11)]);
  shipper.add(first);
  shipper.add(second);
  await asked;
  const removed = shipper.remove('second');
  openGate();
  await removed;
  await shipper.close(10_000);
  log.store(Number.POSITIVE_INFINITY);
  assert.deepEqual(
    log.database.map(({ spool, sequence }) => [spool, sequence]).sort(),
    [1, 2, 3].map((sequence) => ['first', sequence]),
  );
});
