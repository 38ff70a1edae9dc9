import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Value } from '@sluice/protos/gen/google/protobuf/Value';
import type { Record as RecordMessage } from '@sluice/protos/gen/sluice/v1/Record';
import { toStruct } from '../../../features/struct.ts';
import type { DatabaseKind } from '../database-kind.ts';
import { listedIds, opened } from '../opened.ts';
import { idAt, idsOf, many, noonMs, received } from '../records.ts';

const nested = (depth: number): Value => {
  let value: Value = { numberValue: 1 };
  for (let level = 0; level < depth; level += 1) value = { listValue: { values: [value] } };
  return value;
};

/** Each was seen to end a batch, or would: as a JSON, as a text, or in an index. */
const poison: readonly [string, RecordMessage][] = [
  ['NUL in values', { input: { features: toStruct({ a: 'x\0y', '\0': ['\0'] }) } }],
  ['NUL in texts', { entityId: 'a\0b', requestId: '\0', code: '\0', client: '\0' }],
  ['what looks like an escape', { input: { features: toStruct({ a: '\\u0000', b: '"\\\\' }) } }],
  [
    'NaN and infinity',
    { input: { features: toStruct({ a: Number.NaN, b: -1 / 0 }) }, timings: { totalMs: 1 / 0 } },
  ],
  [
    'the largest numbers',
    { input: { features: toStruct({ a: Number.MAX_VALUE, b: 5e-324 }) }, revision: 2 ** 32 - 1 },
  ],
  ['deep nesting', { input: { features: { fields: { a: nested(40) } } } }],
  ['a huge text', { input: { features: toStruct({ a: 'x'.repeat(3_000_000) }) } }],
  [
    'long texts in indexes',
    { entityId: 'ä'.repeat(100_000), code: 'X'.repeat(100_000), model: 'm'.repeat(9_999) },
  ],
  ['an odd name', { model: `'; drop table predictions; -- $do$ "\\ ü` }],
  [
    'a key that objects have',
    { input: { features: { fields: JSON.parse('{"__proto__":{"boolValue":true}}') } } },
  ],
  ['nothing but an id', { release: null, input: null, outcome: null, model: '', code: '', door: '' }],
];

export const predictionCases = (kind: DatabaseKind): void => {
  test('a record comes back as it was, by its id in any case', async (t) => {
    const { store, reader } = await opened(kind, t);
    const [one, other] = many(2);
    assert.ok(one && other);
    assert.equal(await store.storePredictions([one, other]), 2);
    const { predictionId } = one.record;
    for (const id of [predictionId, predictionId.toUpperCase()])
      assert.deepEqual(await reader.get(id), { record: one.record, feedback: [] });
  });

  test('what is not there is not found, whatever its id looks like', async (t) => {
    const { store, reader } = await opened(kind, t);
    await store.storePredictions(many(1));
    for (const id of [idAt(noonMs), '', 'no-id', '\0', 'f'.repeat(36), `${idAt(noonMs)}'`]) {
      assert.equal(await reader.get(id), undefined);
      assert.deepEqual(await reader.feedback(id), []);
    }
  });

  test('a batch that is stored again, or twice within itself, is stored once', async (t) => {
    const { store, reader } = await opened(kind, t);
    const batch = many(100);
    assert.equal(await store.storePredictions([...batch, ...batch.slice(50)]), 100);
    assert.equal(await store.storePredictions([...many(1), ...batch.toReversed()]), 1);
    assert.equal((await listedIds(reader)).length, 101);
    assert.equal(await store.storePredictions([]), 0);
  });

  test('poison among others holds up nobody', async (t) => {
    const { store, reader } = await opened(kind, t);
    const records = [...many(1), ...poison.map(([, more]) => received(more)), ...many(1)];
    assert.equal(await store.storePredictions(records), records.length);
    for (const { record } of records)
      assert.deepEqual((await reader.get(record.predictionId))?.record, record);
    assert.deepEqual((await listedIds(reader)).toSorted(), idsOf(records).toSorted());
    for (const [name, more] of poison) {
      const { entityId, model } = received(more).record;
      const found = await listedIds(reader, { model, ...(entityId === '' ? {} : { entityId }) });
      assert.ok(found.length > 0, name);
    }
  });

  test('a record whose id is no UUIDv7 is refused by name, and nothing of its batch is stored', async (t) => {
    const { store, reader } = await opened(kind, t);
    for (const predictionId of [
      '',
      'x',
      crypto.randomUUID(),
      `ffffffff-ffff-7${crypto.randomUUID().slice(15)}`,
    ])
      await assert.rejects(store.storePredictions([...many(1), received({ predictionId })]), {
        code: 'INVALID_INPUT',
        message: `prediction_id: expected a UUIDv7, got '${predictionId}'`,
      });
    assert.deepEqual(await listedIds(reader), []);
  });

  test('watermarks move with the rows, by spool, topic and partition, and never back', async (t) => {
    const { store, reader } = await opened(kind, t);
    const [topic, spool] = ['sluice.predictions.v1', crypto.randomUUID()];
    const at = (partition: number, sequence: number) =>
      received({ predictionId: idAt(noonMs) }, { spool, topic, partition, sequence });
    await store.storePredictions([at(0, 5), at(1, 7), at(0, 6), received()]);
    await store.storePredictions([at(0, 3), at(2, 2 ** 40)]);
    assert.deepEqual(await reader.watermarks(spool), [
      { topic, partition: 0, sequence: 6 },
      { topic, partition: 1, sequence: 7 },
      { topic, partition: 2, sequence: 2 ** 40 },
    ]);
    assert.deepEqual(await reader.watermarks('another'), []);
  });
};
