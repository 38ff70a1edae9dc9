import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { codecs, feedback, idAt, received } from '@sluice/kernel/records/testing/records';
import { feedbackTopic, predictionsTopic } from '@sluice/kernel/records/topics';
import type { DatabaseServer } from '@sluice/kernel/testing/database-server';
import { startPglite } from '@sluice/kernel/testing/pglite-server';
import { consuming } from '../testing/consuming.ts';
import { header, headersOf, json, shipped, spoolHeaders } from '../testing/messages.ts';

const longMs = 60_000;
/** An hour ago: feedback about the future is refused. */
const thenMs = Date.now() - 3_600_000;
let database: DatabaseServer;
before(async () => {
  database = await startPglite();
});
after(() => database[Symbol.asyncDispose]());

test('feedback is joined, whether it comes after its prediction or before, from a gateway or a pipeline', async (t) => {
  const { start, send, reader, metrics } = await consuming(t, { databaseUrl: database.url });
  const record = received({ predictionId: idAt(thenMs) });
  const { predictionId } = record.record;
  const own = feedback({ predictionId, reward: 0.5 }).feedback;
  const key = Buffer.from(predictionId);
  const spool = randomUUID();
  await send(feedbackTopic, [
    { key, value: codecs.feedback.encode(own), headers: spoolHeaders(spool, 0), timestampMs: thenMs },
    { ...json({ predictionId, label: 'left', author: 'crm' }), key, timestampMs: thenMs + 1 },
    { ...json({ prediction_id: predictionId.toUpperCase(), comment: 'odd' }), key, timestampMs: thenMs + 2 },
  ]);
  start('feedback');
  const count = async (): Promise<number> => (await reader.feedback(predictionId).catch(() => [])).length;
  await eventually('the feedback', async () => (await count()) === 3, longMs);
  start('recorder');
  await send(predictionsTopic, [shipped(record, spool, 1)]);
  const joined = async (): Promise<number> => (await reader.get(predictionId))?.feedback.length ?? 0;
  await eventually('the join', async () => (await joined()) === 3, longMs);
  const found = (await reader.get(predictionId))?.feedback ?? [];
  const [byPipeline] = found.filter(({ author }) => author === 'crm');
  assert.equal(byPipeline?.received, new Date(thenMs + 1).toISOString());
  assert.equal(byPipeline?.time, byPipeline?.received);
  assert.match(
    byPipeline?.feedbackId ?? '',
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(found.find(({ reward }) => reward === 0.5)?.received, own.received);
  assert.match(await metrics(), /sluice_feedback_total\{outcome="waiting".*\} 3/);
});

const wrong: readonly [
  what: string,
  message: Parameters<typeof codecs.feedback.encode>[0] | string,
  reason: RegExp,
][] = [
  ['JSON that is none', '{', /MALFORMED_REQUEST .*as JSON/],
  ['a field that is not there', '{"predictionId": "x", "lable": 1}', /MALFORMED_REQUEST .*lable/],
  [
    'an id that is no UUIDv7',
    '{"predictionId": "p-1", "label": 1}',
    /INVALID_INPUT .*prediction_id: expected a UUIDv7/,
  ],
  ['nothing that it is about', '{"label": 1}', /INVALID_INPUT .*got neither/],
  ['nothing said', '{"entityId": "e"}', /INVALID_INPUT .*expected a label, reward/],
  [
    'a time in the future',
    '{"entityId": "e", "label": 1, "time": "2999-01-01T00:00:00Z"}',
    /INVALID_INPUT time: .*future/,
  ],
  [
    'a day that is not there',
    '{"entityId": "e", "label": 1, "time": "2026-02-30T00:00:00Z"}',
    /INVALID_INPUT time: /,
  ],
];

test('what is wrong goes to the dead letters with the reason, and the rest is stored', async (t) => {
  const { start, send, letters, reader } = await consuming(t, { databaseUrl: database.url });
  const predictionId = idAt(thenMs);
  const last = { ...json({ predictionId, label: 'nul \0 in it' }), partition: 0 };
  const bad = wrong.map(([, text]) => ({ ...json(null), value: Buffer.from(String(text)), partition: 0 }));
  const xml = { ...json(null), headers: [header('content-type', 'text/xml')], partition: 0 };
  await send(feedbackTopic, [...bad, xml, last]);
  start('feedback');
  const found = await letters(wrong.length + 1);
  for (const [what, text, reason] of wrong) {
    const letter = found.find(({ value }) => value?.toString() === text);
    const said = headersOf(letter ?? assert.fail(`no letter for ${what}`));
    assert.match(`${said['sluice.error.code']} ${said['sluice.error.message']}`, reason, what);
  }
  assert.ok(found.some((letter) => headersOf(letter)['sluice.error.code'] === 'UNSUPPORTED_ENCODING'));
  const stored = async (): Promise<boolean> => (await reader.feedback(predictionId)).length === 1;
  await eventually('the last one', stored, longMs);
});

test('feedback whose prediction does not come is given up, and reported', async (t) => {
  const { start, send, letters, metrics } = await consuming(t, { databaseUrl: database.url, waitMs: 1 });
  const predictionId = idAt(thenMs);
  await send(feedbackTopic, [{ ...json({ predictionId, label: 1 }), timestampMs: Date.now() - 1_000 }]);
  start('feedback');
  const isAbout = ({ key }: { readonly key: Buffer | null }): boolean => key?.toString() === predictionId;
  let said: Record<string, string> = {};
  await eventually(
    'the letter',
    async () => {
      const letter = (await letters(1)).find(isAbout);
      if (letter !== undefined) said = headersOf(letter);
      return letter !== undefined;
    },
    longMs,
  );
  assert.equal(said['sluice.error.code'], 'PREDICTION_NOT_FOUND');
  assert.equal(said['sluice.error.topic'], feedbackTopic);
  assert.doesNotMatch(await metrics(), /outcome="expired",environment="dev"\} 0/);
});
