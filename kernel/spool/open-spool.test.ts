import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { partitionOf } from '../event-log/embedded/murmur2.ts';
import { eventually } from '../event-log/testing/eventually.ts';
import { feedbackTopic, predictionsTopic, recordPartitions } from '../records/topics.ts';
import type { Watermark } from '../records/watermark.ts';
import { entry } from './testing/entries.ts';
import { headerOf, patienceMs, shippedTo, watermarksOf } from './testing/shipped.ts';
import { nowhere, temporarySpools } from './testing/temporary-spool.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('what is appended is shipped in order with its headers, and forgotten when it is stored', async (t) => {
  const { open, url, watermarks } = await temporarySpools(t);
  const spool = await open();
  await Promise.all(numbers(500).map((number) => spool.append(entry(number), number % 50 === 0)));
  assert.equal(spool.depth().entries, 500);
  const messages = await shippedTo(url, 500);
  assert.equal(messages.length, 500);
  for (const message of messages)
    assert.equal(message.partition, partitionOf(message.key ?? Buffer.alloc(0), recordPartitions));
  for (const key of numbers(7).map((each) => `key-${each}`)) {
    const ids = messages
      .filter((message) => message.key?.toString() === key)
      .map((message) => headerOf(message, 'ce_id'));
    assert.deepEqual(ids, [...ids].sort());
  }
  const [first] = messages.filter((message) => message.value?.toString() === 'value-0');
  assert.ok(first);
  const { timestampMs, id } = entry(0);
  assert.ok(first.timestampMs > timestampMs, 'it was shipped later');
  assert.deepEqual(
    first.headers.slice(0, 5).map(([name, value]) => [name, value.toString()]),
    [
      ['ce_specversion', '1.0'],
      ['sluice.spool', spool.id],
      ['ce_id', id],
      ['ce_time', new Date(timestampMs).toISOString()],
      ['ce_subject', 'subject-0'],
    ],
  );
  watermarks.set(spool.id, ...watermarksOf(spool.id, messages));
  await eventually('the spool to be empty', () => spool.depth().entries === 0, patienceMs);
  assert.deepEqual(spool.depth(), { entries: 0, bytes: 0, ageMs: 0 });
});

test('an entry is found by its id, whatever the event log does, also after a restart', async (t) => {
  const { open } = await temporarySpools(t);
  const find = async (number: number, topic = predictionsTopic): Promise<string | undefined> => {
    const { id } = entry(number);
    const found = await spool.find(topic, id);
    return found && Buffer.from(found).toString();
  };
  let spool = await open({ eventLog: nowhere, drainMs: 0 });
  for (const number of numbers(20)) {
    await spool.append(entry(number), false);
    assert.equal(await find(number), `value-${number}`);
  }
  assert.equal(await find(3, feedbackTopic), undefined);
  assert.equal(await find(21), undefined);
  assert.equal(await spool.find(predictionsTopic, 'no UUID'), undefined);
  const { id } = spool;
  const { ageMs: _, ...depth } = spool.depth();
  await spool[Symbol.asyncDispose]();
  spool = await open({ eventLog: nowhere, drainMs: 0 });
  assert.equal(spool.id, id);
  assert.partialDeepStrictEqual(spool.depth(), depth);
  for (const number of numbers(20)) assert.equal(await find(number), `value-${number}`);
});

test('a log that is away is said once, and all is shipped when it is back', async (t) => {
  const { open, folder, url, lines } = await temporarySpools(t);
  // A file where the folder of the log would be.
  await writeFile(join(folder, 'event-log'), '');
  const spool = await open();
  for (const number of numbers(50)) await spool.append(entry(number), false);
  const said = (message: string): number => lines.filter(({ msg }) => msg === message).length;
  const away = 'the event log is away; records wait in the spool';
  await eventually('the failure', () => said(away) > 0, patienceMs);
  await rm(join(folder, 'event-log'));
  assert.equal((await shippedTo(url, 50)).length, 50);
  await eventually(
    'the good news',
    () => said('the event log is back; records are shipped again') === 1,
    patienceMs,
  );
  assert.equal(said(away), 1);
});

test('closing ships what is there; nothing is shipped twice after a restart', async (t) => {
  const { open, url } = await temporarySpools(t);
  const spool = await open();
  await Promise.all(numbers(300).map((number) => spool.append(entry(number), false)));
  await spool[Symbol.asyncDispose]();
  assert.equal((await shippedTo(url, 300)).length, 300);
  await assert.rejects(spool.append(entry(1), false), { code: 'SPOOL_FULL', message: /is closed/ });
  const again = await open();
  await again.append(entry(300), false);
  assert.equal((await shippedTo(url, 301)).length, 301);
});

test('segments are removed when all of their entries are stored, and not before', async (t) => {
  const { open, root, url, watermarks } = await temporarySpools(t);
  const spool = await open({ limits: { segmentBytes: 10_000 } });
  const segments = async (): Promise<string[]> =>
    (await readdir(join(root, spool.id))).filter((name) => name.endsWith('.segment'));
  for (const number of numbers(100)) await spool.append(entry(number, { value: Buffer.alloc(1_000) }), false);
  const messages = await shippedTo(url, 100);
  const all = watermarksOf(spool.id, messages);
  const before = await segments();
  assert.ok(before.length > 8, `${before}`);
  const [one, ...others] = all;
  assert.ok(one);
  watermarks.set(spool.id, ...others);
  await eventually('most to be stored', () => spool.depth().entries < 60, patienceMs);
  for (const number of numbers(100)) {
    const { id, key } = entry(number);
    if (partitionOf(Buffer.from(key), recordPartitions) === one.partition)
      assert.ok(await spool.find(predictionsTopic, id), `${number}`);
  }
  watermarks.set(spool.id, ...all);
  await eventually('one segment', async () => (await segments()).length === 1, patienceMs);
  assert.equal(spool.depth().entries, 0);
  await spool.append(entry(200), true);
  assert.equal((await shippedTo(url, 101)).length, 101);
});

test('too many bytes, and too old an entry, are refused; it goes on when there is room', async (t) => {
  const { open, url, watermarks } = await temporarySpools(t);
  const spool = await open({ limits: { maxBytes: 30_000, segmentBytes: 3_000 } });
  let kept = 0;
  const fill = async (): Promise<never> => {
    for (;;) {
      await spool.append(entry(kept, { value: Buffer.alloc(500) }), false);
      kept += 1;
    }
  };
  await assert.rejects(fill(), {
    code: 'SPOOL_FULL',
    message: /the spool has \d+ bytes, of 30000 that it may have/,
  });
  assert.ok(kept > 20 && kept < 60, `${kept}`);
  watermarks.set(spool.id, ...watermarksOf(spool.id, await shippedTo(url, kept)));
  await eventually(
    'room',
    () =>
      spool.append(entry(kept), false).then(
        () => true,
        () => false,
      ),
    patienceMs,
  );
  await spool[Symbol.asyncDispose]();

  const old = await open({
    limits: { maxAgeMs: 1 },
    eventLog: nowhere,
    drainMs: 0,
    readWatermarks: async () => [],
  });
  await eventually(
    'an old entry',
    () =>
      old.append(entry(1), false).then(
        () => false,
        (error) => {
          assert.equal(error.code, 'SPOOL_FULL');
          assert.match(error.message, /the oldest record waits for longer than 1 ms/);
          return true;
        },
      ),
    patienceMs,
  );
});

test('a spool that was closed removes nothing more, whatever the database says then', async (t) => {
  const { open, root, url } = await temporarySpools(t);
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<readonly Watermark[]>();
  const readWatermarks = () => {
    asked.resolve();
    return answer.promise;
  };
  const spool = await open({ limits: { segmentBytes: 3_000 }, readWatermarks });
  for (const number of numbers(30)) await spool.append(entry(number, { value: Buffer.alloc(500) }), false);
  const messages = await shippedTo(url, 30);
  await asked.promise;
  await spool[Symbol.asyncDispose]();
  const left = await readdir(join(root, spool.id));
  assert.ok(left.length > 5, `${left}`);
  answer.resolve(watermarksOf(spool.id, messages));
  for (const _ of numbers(200)) assert.deepEqual(await readdir(join(root, spool.id)), left);
});
