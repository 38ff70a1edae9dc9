import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { idAt, many, noonMs, received } from '@sluice/kernel/records/testing/records';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import type { DatabaseServer } from '@sluice/kernel/testing/database-server';
import { startPglite } from '@sluice/kernel/testing/pglite-server';
import { consuming } from '../testing/consuming.ts';
import { header, headersOf, shipped } from '../testing/messages.ts';

const longMs = 60_000;
let database: DatabaseServer;
before(async () => {
  database = await startPglite();
});
after(() => database[Symbol.asyncDispose]());

test('what is in the topic becomes rows, once, and the watermarks of its spool move', async (t) => {
  const { start, send, reader, log } = await consuming(t, { databaseUrl: database.url });
  const spool = randomUUID();
  const records = many(5);
  const messages = records.map((each, index) => ({ ...shipped(each, spool, index), partition: index % 2 }));
  await send(predictionsTopic, [...messages, ...messages]);
  start('recorder');
  const last = records.at(-1)?.record.predictionId ?? '';
  await eventually(
    'the watermarks',
    async () => (await reader.watermarks(spool).catch(() => [])).length === 2,
    longMs,
  );
  assert.equal((await reader.get(last))?.record.model, 'churn');
  assert.deepEqual(
    [...(await reader.watermarks(spool))].sort((a, b) => a.partition - b.partition),
    [
      { topic: predictionsTopic, partition: 0, sequence: 4 },
      { topic: predictionsTopic, partition: 1, sequence: 3 },
    ],
  );
  const committed = async (): Promise<bigint[]> =>
    (await log.admin.committed('sluice.recorder', predictionsTopic)).map(({ offset }) => offset);
  await eventually(
    'the commits',
    async () => (await committed()).reduce((sum, each) => sum + each, 0n) === 10n,
    longMs,
  );
});

test('poison goes to the dead letters as it was, with its reason, and holds up nothing', async (t) => {
  const { start, send, reader, letters, metrics } = await consuming(t, { databaseUrl: database.url });
  const good = received({ predictionId: idAt(noonMs) });
  const poison = {
    key: Buffer.from('k'),
    value: Buffer.from('no record'),
    headers: [header('own', 'kept')],
    partition: 0,
  };
  await send(predictionsTopic, [
    poison,
    { ...poison, value: null },
    { ...poison, value: received({ predictionId: 'p-1' }).bytes },
    { ...shipped(good, randomUUID(), 0), partition: 0 },
  ]);
  start('recorder');
  const found = await letters(3);
  const first = found.find(({ value }) => value?.toString() === 'no record');
  const { 'sluice.error.time': time = '', ...rest } = headersOf(first ?? assert.fail('no such letter'));
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < 600_000);
  assert.match(rest['sluice.error.message'] ?? '', /expected a sluice.v1.Record/);
  assert.deepEqual(
    { ...rest, 'sluice.error.message': '' },
    {
      own: 'kept',
      'sluice.error.stage': 'recorder',
      'sluice.error.code': 'MALFORMED_REQUEST',
      'sluice.error.message': '',
      'sluice.error.topic': predictionsTopic,
      'sluice.error.partition': '0',
      'sluice.error.offset': '0',
      'sluice.error.attempts': '1',
    },
  );
  assert.equal(first?.key?.toString(), 'k');
  await eventually(
    'the good one',
    async () => (await reader.get(good.record.predictionId)) !== undefined,
    longMs,
  );
  assert.match(await metrics(), /dead_letters_total\{consumer="recorder",code="INVALID_INPUT".*\} 1/);
});

test('while the database is away it waits, says so once and why, and goes on when it is back', async (t) => {
  const { start, send, reader, lines } = await consuming(t, { databaseUrl: database.url });
  const recorder = start('recorder');
  await eventually('the start', () => recorder.notRunning() === undefined, longMs);
  await database.kill();
  const record = received({ predictionId: idAt(noonMs) });
  await send(predictionsTopic, [shipped(record, randomUUID(), 0)]);
  await eventually('the reason', () => /cannot be asked/.test(recorder.notRunning() ?? ''), longMs);
  await database.restart();
  const stored = async (): Promise<boolean> =>
    (await reader.get(record.record.predictionId).catch(() => undefined)) !== undefined;
  await eventually('the row', stored, longMs);
  await eventually('the recorder', () => recorder.notRunning() === undefined, longMs);
  const said = lines.map(({ msg }) => String(msg)).filter((msg) => /^recorder (waits|is back)/.test(msg));
  const [first = '', second] = said;
  assert.match(first, /^recorder waits: the database of records at .* cannot be asked/);
  assert.equal(second, 'recorder is back');
});

test('days that a revision no longer keeps are removed', async (t) => {
  const store = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  t.after(() => rm(store, { recursive: true, force: true }));
  await mkdir(join(store, '_revisions'));
  const revision = {
    revision: 1,
    when: new Date().toISOString(),
    models: { brief: { record: { retention: '2d' } } },
  };
  await writeFile(join(store, '_revisions/000001.yaml'), JSON.stringify(revision));
  const { start, send, reader } = await consuming(t, { databaseUrl: database.url, store });
  const weekAgo = Date.now() - 7 * 86_400_000;
  const brief = received({ model: 'brief', predictionId: idAt(weekAgo) });
  const usual = received({ model: 'usual', predictionId: idAt(weekAgo) });
  const spool = randomUUID();
  await send(
    predictionsTopic,
    [brief, usual].map((each, index) => ({ ...shipped(each, spool, index), partition: 0 })),
  );
  start('recorder');
  await eventually(
    'the watermark',
    async () => (await reader.watermarks(spool).catch(() => [])).length === 1,
    longMs,
  );
  await eventually(
    'the end of brief',
    async () => (await reader.get(brief.record.predictionId)) === undefined,
    longMs,
  );
  assert.notEqual(await reader.get(usual.record.predictionId), undefined);
});
