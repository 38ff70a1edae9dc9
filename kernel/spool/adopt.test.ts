import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../event-log/testing/eventually.ts';
import { predictionsTopic, spoolHeader } from '../records/topics.ts';
import { entry, idOf } from './testing/entries.ts';
import { headerOf, patienceMs, shippedTo, watermarksOf } from './testing/shipped.ts';
import { nowhere, temporarySpools } from './testing/temporary-spool.ts';

test('two spools of one process have folders of their own; that of one that is gone is adopted', async (t) => {
  const { open, root, url, watermarks, lines } = await temporarySpools(t);
  const gone = await open({ eventLog: nowhere, drainMs: 0 });
  const stays = await open();
  assert.notEqual(gone.id, stays.id);
  for (let number = 0; number < 50; number += 1) await gone.append(entry(number), false);
  await stays.append(entry(50), false);
  assert.equal(await stays.find(predictionsTopic, entry(7).id), undefined);
  await gone[Symbol.asyncDispose]();
  const messages = await shippedTo(url, 51);
  const spools = messages.map((message) => headerOf(message, spoolHeader));
  assert.equal(spools.filter((id) => id === gone.id).length, 50);
  assert.equal(spools.filter((id) => id === stays.id).length, 1);
  assert.ok(await stays.find(predictionsTopic, entry(7).id));
  assert.equal(stays.depth().entries, 51);
  watermarks.set(gone.id, ...watermarksOf(gone.id, messages));
  await eventually('the folder to be gone', async () => (await readdir(root)).length === 1, patienceMs);
  assert.deepEqual(await readdir(root), [stays.id]);
  assert.equal(stays.depth().entries, 1);
  const isTold = (): boolean => lines.some(({ msg }) => msg === 'all records of an adopted spool are stored');
  await eventually('the word about it', isTold, patienceMs);
});

test('a record that the log will never take is made smaller, or set aside; it blocks no other one', async (t) => {
  const { open, root, url, watermarks, lines } = await temporarySpools(t);
  const shrinkModule = join(import.meta.dirname, 'testing/shrink.ts');
  const setAside: string[] = [];
  const observer = {
    shipped: () => undefined,
    reached: () => undefined,
    setAside: (topic: string) => setAside.push(topic),
  };
  const spool = await open({ shrinkModule, observer });
  const large = Buffer.alloc(3_000_000, 'L');
  const values = [
    Buffer.from('one'),
    large,
    Buffer.from('two'),
    Buffer.alloc(3_000_000, 'S'),
    Buffer.from('three'),
  ];
  await Promise.all(
    values.map((value, number) => spool.append(entry(number, { value, key: 'same' }), false)),
  );
  const messages = await shippedTo(url, 4);
  assert.deepEqual(
    messages.map(({ value }) => value?.toString()),
    ['one', 'two', 'smaller', 'three'],
  );
  await eventually('it to be told', () => setAside.length === 1, patienceMs);
  watermarks.set(spool.id, ...watermarksOf(spool.id, messages));
  await eventually('the spool to be empty', () => spool.depth().entries === 0, patienceMs);
  const told = lines.find(({ msg }) => msg === 'the event log will never take a record; it was set aside');
  const rejected = join(root, spool.id, 'rejected', String(told?.['sequence']).padStart(16, '0'));
  assert.ok((await readFile(rejected)).equals(large));
  const about = JSON.parse(await readFile(`${rejected}.json`, 'utf8'));
  assert.partialDeepStrictEqual(about, { topic: predictionsTopic, key: 'same' });
  assert.match(about.reason, /3000\d+ bytes, more than max.message.bytes/);
  assert.ok(
    about.headers.some(
      ([name, value]: string[]) => name === 'ce_id' && value === idOf(entry(1).timestampMs, 1),
    ),
  );
});

test('a thread that fails is started again, which is said once', async (t) => {
  const { open, lines } = await temporarySpools(t);
  const spool = await open({ shrinkModule: join(import.meta.dirname, 'testing/nowhere.ts') });
  await spool.append(entry(1), false);
  const said = () =>
    lines.filter(({ msg }) => msg === 'the thread that ships records failed and is restarted').length;
  await eventually('the failure', () => said() > 0, patienceMs);
  await spool.append(entry(2), false);
  assert.equal(spool.depth().entries, 2);
  assert.equal(said(), 1);
});
