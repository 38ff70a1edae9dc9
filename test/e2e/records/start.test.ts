import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '@sluice/kernel/testing/free-port';
import { freePorts, isAlive, type Supervised, startSupervised } from '../../fault/support/supervised.ts';
import { endOf } from '../../fault/support/within.ts';
import { openRows } from '../../support/database-rows.ts';
import { startRecords, whyNoRecords } from '../../support/records.ts';
import { runCommand } from '../../support/sluice-command.ts';
import { waitFor } from '../../support/wait-for.ts';

/** An embedded database begins with an empty folder; the consumers then read from the first message on. */
const storedMs = 120_000;

const features = ['tenure=5', 'monthly_charges=85.5', 'contract=Month-to-month'];

/** What `sluice …` prints as JSON. */
const typed = async <T>(sluice: Supervised, ...args: readonly string[]): Promise<T> => {
  const { exitCode, stdout, stderr } = await runCommand(args, { SLUICE_SERVER: sluice.url });
  assert.deepEqual([exitCode, stderr], [0, '']);
  return JSON.parse(stdout) as T;
};

interface Stored {
  readonly record: { readonly model: string; readonly code: string };
  readonly feedback: readonly { readonly label: unknown }[];
}

/** As a user begins: a prediction, found at once by its id, and what really happened. */
const predictAndSay = async (sluice: Supervised): Promise<string> => {
  const asked = ['predict', 'churn', ...features.flatMap((feature) => ['--set', feature])];
  const { predictionId } = await typed<{ predictionId: string }>(sluice, ...asked);
  const { record } = await typed<Stored>(sluice, 'predictions', 'get', predictionId);
  assert.deepEqual([record.model, record.code], ['churn', 'OK']);
  await typed(sluice, 'feedback', 'send', predictionId, '--label', 'yes');
  return predictionId;
};

const feedbackOf = async (sluice: Supervised, predictionId: string): Promise<Stored['feedback']> => {
  const answer = await fetch(`${sluice.url}/v1/predictions/${predictionId}`);
  assert.equal(answer.status, 200);
  return ((await answer.json()) as Stored).feedback;
};

const joined = (sluice: Supervised, predictionId: string): Promise<Stored['feedback']> =>
  waitFor(
    'the feedback to be joined',
    async () => {
      const feedback = await feedbackOf(sluice, predictionId);
      return feedback.length > 0 && feedback;
    },
    storedMs,
  );

/** As the owner of a pipeline begins: topics, a stream, an event. */
const scoreEvent = async (sluice: Supervised): Promise<void> => {
  const environment = { SLUICE_HOME: sluice.home, SLUICE_SERVER: sluice.url };
  const run = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runCommand(args, environment);
    assert.deepEqual([exitCode, stderr], [0, '']);
    return stdout;
  };
  for (const topic of ['activity', 'scores']) await run('topics', 'create', topic, '--partitions', '1');
  const [name, from, to] = ['events', 'activity', 'scores'];
  const stream = { name, from, to, model: 'churn', version: '1.1.0', start: 'earliest' };
  const [draft, events] = [join(sluice.home, 'draft.yaml'), join(sluice.home, 'events.jsonl')];
  await writeFile(draft, JSON.stringify({ streams: [stream] }));
  await writeFile(events, JSON.stringify({ tenure: 5, monthly_charges: 85.5, contract: 'Month-to-month' }));
  await run('config', 'apply', '-f', draft);
  await run('topics', 'send', 'activity', events);
  const scored = () => run('topics', 'read', 'scores');
  const read = await waitFor('the scored event', async () => (await scored()) || undefined, storedMs);
  const { value } = JSON.parse(read) as { value: { stream: string; prediction: { outputs: object } } };
  assert.equal(value.stream, 'events');
  assert.ok('churn_probability' in value.prediction.outputs);
};

const assertAllEnd = async (sluice: Supervised, names: readonly string[]): Promise<void> => {
  const pids = sluice.children();
  assert.equal(pids.length, names.length, `expected ${names}`);
  sluice.signal('SIGKILL');
  assert.equal(await endOf(sluice), 'SIGKILL');
  await waitFor('the children to end', () => !pids.some(isAlive), 60_000);
};

test('sluice start in an empty home finds a prediction at once, joins its feedback, scores a stream, and leaves no child', async () => {
  await using sluice = await startSupervised(await freePorts());
  await sluice.ready();
  const predictionId = await predictAndSay(sluice);
  assert.deepEqual(
    (await joined(sluice, predictionId)).map(({ label }) => label),
    ['yes'],
  );
  await scoreEvent(sluice);
  await assertAllEnd(sluice, ['model-runtime', 'gateway', 'scorer', 'consumers', 'database']);
});

test('the banner, predictions and feedback do not wait for a database', async () => {
  const nowhere = `postgres://sluice@127.0.0.1:${await freePort()}/sluice`;
  await using sluice = await startSupervised({ ...(await freePorts()), DATABASE_URL: nowhere });
  await sluice.ready();
  const predictionId = await predictAndSay(sluice);
  assert.deepEqual(await feedbackOf(sluice, predictionId), []);
});

test('with Kafka and PostgreSQL no database is started, and the row is in the one that is named', {
  skip: whyNoRecords('cluster'),
}, async () => {
  await using records = await startRecords('cluster');
  const { EVENT_LOG_URL, DATABASE_URL } = records.env;
  const ports = await freePorts();
  await using sluice = await startSupervised({ ...ports, EVENT_LOG_URL, DATABASE_URL });
  await sluice.ready();
  const predictionId = await predictAndSay(sluice);
  assert.equal((await joined(sluice, predictionId)).length, 1);
  await using database = openRows(DATABASE_URL);
  // Feedback may be stored before what it is about: the record is then the gateway's own.
  const sql = 'select model, code from predictions where id = $1';
  const row = await waitFor('the row', async () => (await database.rows(sql, [predictionId]))[0], storedMs);
  assert.deepEqual(row, { model: 'churn', code: 'OK' });
  assert.equal(sluice.child('database'), undefined);
  assert.ok(!sluice.stderr.join('\n').includes(`:${ports['DATABASE_PORT']}`), 'the banner');
  await assertAllEnd(sluice, ['model-runtime', 'gateway', 'scorer', 'consumers']);
});
