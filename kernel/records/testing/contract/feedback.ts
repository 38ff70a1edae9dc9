import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toStruct } from '../../../features/struct.ts';
import type { DatabaseKind } from '../database-kind.ts';
import { listedIds, opened } from '../opened.ts';
import { dayMs, feedback, idAt, many, noonMs, received } from '../records.ts';

const at = (timeMs: number): string => new Date(timeMs).toISOString();

export const feedbackCases = (kind: DatabaseKind): void => {
  test('feedback is with its prediction, the earliest first, whichever came first', async (t) => {
    const { store, reader } = await opened(kind, t);
    const [record] = many(1);
    assert.ok(record);
    const { predictionId } = record.record;
    const late = feedback({ predictionId, time: at(noonMs + 2_000), reward: 0, comment: 'x\0' });
    const early = feedback({ predictionId, time: at(noonMs + 1_000), correction: toStruct({ churn: 1 }) });
    assert.deepEqual(await store.storeFeedback([late]), { joined: 0, waiting: 1, repeated: 0 });
    assert.deepEqual(await reader.feedback(predictionId), [late.feedback]);
    await store.storePredictions([record]);
    assert.deepEqual(await store.storeFeedback([early]), { joined: 1, waiting: 0, repeated: 0 });
    const expected = { record: record.record, feedback: [early.feedback, late.feedback] };
    assert.deepEqual(await reader.get(predictionId), expected);
    const page = await reader.list({ pageSize: 9, ascending: true });
    assert.deepEqual(page.predictions, [expected]);
    assert.deepEqual(await store.expireFeedback(noonMs + dayMs), []);
  });

  test('a repeat of a feedback id is the same feedback: the first stays', async (t) => {
    const { store, reader } = await opened(kind, t);
    const predictionId = idAt(noonMs);
    const first = feedback({ feedbackId: 'f-1', predictionId, comment: 'first' });
    const second = feedback({ feedbackId: 'f-1', predictionId, comment: 'second' });
    assert.deepEqual(await store.storeFeedback([first, second]), { joined: 0, waiting: 1, repeated: 1 });
    assert.deepEqual(await store.storeFeedback([second]), { joined: 0, waiting: 0, repeated: 1 });
    assert.deepEqual(await reader.feedback(predictionId), [first.feedback]);
  });

  test('feedback on an entity is about its latest prediction at or before the time', async (t) => {
    const { store, reader } = await opened(kind, t);
    const [yesterday, today, other] = [
      received({ predictionId: idAt(noonMs - dayMs), entityId: 'e' }),
      received({ predictionId: idAt(noonMs), entityId: 'e' }),
      received({ predictionId: idAt(noonMs + 1_000), entityId: 'e', model: 'price' }),
    ];
    const probe = received({ predictionId: idAt(noonMs + 2_000), entityId: 'e', synthetic: true });
    const failed = received({
      predictionId: idAt(noonMs + 3_000),
      entityId: 'e',
      outcome: { failure: { code: 'INTERNAL' } },
    });
    await store.storePredictions([yesterday, today, other, probe, failed]);
    const about = [
      feedback({ entityId: 'e', entityTime: at(noonMs) }),
      feedback({ entityId: 'e', entityTime: at(noonMs - 1) }),
      feedback({ entityId: 'e', time: at(noonMs + 9_000) }),
      feedback({ entityId: 'e', model: 'churn' }),
      feedback({ entityId: 'e', entityTime: at(noonMs - 2 * dayMs) }),
    ];
    assert.deepEqual(await store.storeFeedback(about), { joined: 4, waiting: 1, repeated: 0 });
    const found = await Promise.all(
      [today, yesterday, other].map(({ record }) => reader.feedback(record.predictionId)),
    );
    assert.deepEqual(
      found.map((of) => of.map(({ feedbackId }) => feedbackId).toSorted()),
      [[0, 3], [1], [2]].map((of) => of.map((index) => about[index]?.feedback.feedbackId).toSorted()),
    );
  });

  test('feedback on an entity waits for its prediction, and takes the latest of a batch', async (t) => {
    const { store, reader } = await opened(kind, t);
    const waiting = [
      feedback({ entityId: 'e', model: 'churn', entityTime: at(noonMs) }),
      feedback({ entityId: 'e', model: 'price', entityTime: at(noonMs) }),
    ];
    assert.deepEqual(await store.storeFeedback(waiting), { joined: 0, waiting: 2, repeated: 0 });
    const ids = [noonMs + 1, noonMs - 2, noonMs - 1].map(idAt);
    await store.storePredictions(ids.map((predictionId) => received({ predictionId, entityId: 'e' })));
    assert.deepEqual(await listedIds(reader, { hasFeedback: true }), [ids[2]]);
    assert.deepEqual(await reader.feedback(ids[2] ?? ''), [waiting[0]?.feedback]);
    const given = await store.expireFeedback(noonMs + dayMs);
    assert.deepEqual(
      given.map(({ feedbackId }) => feedbackId),
      [waiting[1]?.feedback.feedbackId],
    );
  });

  test('what waited too long is given up and told once, however odd it is', async (t) => {
    const { store, reader } = await opened(kind, t);
    const predictionId = idAt(noonMs);
    const old = at(noonMs - dayMs);
    const odd = [
      feedback({ feedbackId: 'known', predictionId, received: old }),
      feedback({ feedbackId: 'no-uuid', predictionId: 'x\0', received: old, time: 'no time' }),
      feedback({ feedbackId: 'entity', entityId: 'y'.repeat(9_999), received: old, reward: Number.NaN }),
      feedback({ feedbackId: 'young' }),
    ];
    assert.deepEqual(await store.storeFeedback(odd), { joined: 0, waiting: 4, repeated: 0 });
    const given = await store.expireFeedback(noonMs);
    assert.deepEqual(
      given.toSorted((a, b) => a.feedbackId.localeCompare(b.feedbackId)),
      [
        { feedbackId: 'entity', predictionId: '', entityId: 'y'.repeat(9_999) },
        { feedbackId: 'known', predictionId, entityId: '' },
        { feedbackId: 'no-uuid', predictionId: 'x\0', entityId: '' },
      ],
    );
    assert.deepEqual(await store.expireFeedback(noonMs), []);
    assert.equal((await reader.feedback(predictionId)).length, 1);
  });

  test('the watermark of feedback moves with it', async (t) => {
    const { store, reader } = await opened(kind, t);
    const place = { spool: 's', topic: 'sluice.feedback.v1', partition: 3, sequence: 9 };
    await store.storeFeedback([feedback({}, place)]);
    const { spool, ...watermark } = place;
    assert.deepEqual(await reader.watermarks(spool), [watermark]);
  });
};
