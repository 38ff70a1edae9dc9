import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PredictionQuery } from '../../prediction-reader.ts';
import type { DatabaseKind } from '../database-kind.ts';
import { idsOfPages, listedIds, opened } from '../opened.ts';
import { dayMs, feedback, idAt, idsOf, many, noonMs, received } from '../records.ts';

const refusal = { outcome: { refusal: { code: 'TOO_YOUNG' } }, code: 'TOO_YOUNG' };
const failure = { outcome: { failure: { code: 'MODEL_NOT_FOUND' } }, code: 'MODEL_NOT_FOUND', release: null };

/** In the order of their times, over four days. */
const stored = [
  received({ predictionId: idAt(noonMs - 3 * dayMs), entityId: 'e' }),
  received({ predictionId: idAt(noonMs - dayMs), ...refusal }),
  received({ predictionId: idAt(noonMs), ...failure }),
  received({ predictionId: idAt(noonMs + 1), ...failure, model: 'chrun' }),
  received({ predictionId: idAt(noonMs + 2), release: { name: 'churn', version: '2.0.0' }, synthetic: true }),
  received({ predictionId: idAt(noonMs + 3), model: 'price', entityId: 'e' }),
];
const ids = idsOf(stored);

/** A query and which of the above it finds. */
const filters: readonly [Partial<PredictionQuery>, readonly number[]][] = [
  [{}, [0, 1, 2, 3, 4, 5]],
  [{ model: 'churn' }, [0, 1, 2, 4]],
  [{ model: 'chrun' }, [3]],
  [{ model: 'none' }, []],
  [{ version: '1.0.0' }, [0, 1, 5]],
  [{ model: 'churn', version: '2.0.0' }, [4]],
  [{ fromMs: noonMs }, [2, 3, 4, 5]],
  [{ toMs: noonMs }, [0, 1]],
  [{ fromMs: noonMs - dayMs, toMs: noonMs + 2 }, [1, 2, 3]],
  [{ fromMs: noonMs, toMs: noonMs }, []],
  [{ fromMs: -1, toMs: Number.MAX_SAFE_INTEGER }, [0, 1, 2, 3, 4, 5]],
  [{ outcome: 'prediction' }, [0, 4, 5]],
  [{ outcome: 'refusal' }, [1]],
  [{ outcome: 'failure', model: 'churn' }, [2]],
  [{ code: 'OK' }, [0, 4, 5]],
  [{ code: 'TOO_YOUNG' }, [1]],
  [{ code: 'MODEL_NOT_FOUND' }, [2, 3]],
  [{ entityId: 'e' }, [0, 5]],
  [{ entityId: '' }, []],
  [{ synthetic: true }, [4]],
  [{ synthetic: false, model: 'churn' }, [0, 1, 2]],
  [{ hasFeedback: true }, [1]],
  [{ hasFeedback: false }, [0, 2, 3, 4, 5]],
];

export const listCases = (kind: DatabaseKind): void => {
  test('a query finds what it asks for, forwards and backwards, in pages of any size', async (t) => {
    const { store, reader } = await opened(kind, t);
    await store.storePredictions(stored);
    await store.storeFeedback([feedback({ predictionId: ids[1] ?? '' })]);
    for (const [query, found] of filters)
      for (const [ascending, pageSize] of [
        [true, 1_000],
        [false, 2],
        [true, 1],
      ] as const) {
        const expected = found.map((index) => ids[index]);
        const listed = await listedIds(reader, { ...query, ascending, pageSize });
        assert.deepEqual(listed, ascending ? expected : expected.toReversed(), JSON.stringify(query));
      }
  });

  test('pages are full but for the last, and what comes meanwhile moves nothing', async (t) => {
    const { store, reader } = await opened(kind, t);
    const batch = many(25);
    await store.storePredictions(batch);
    assert.deepEqual(
      (await idsOfPages(reader, { pageSize: 10 })).map(({ length }) => length),
      [10, 10, 5],
    );
    const first = await reader.list({ pageSize: 10, ascending: false });
    await store.storePredictions(many(3, (index) => ({ predictionId: idAt(noonMs + dayMs + index) })));
    const pageToken = first.nextPageToken ?? '';
    const second = await reader.list({ pageSize: 20, ascending: false, pageToken });
    assert.deepEqual(
      second.predictions.map(({ record }) => record.predictionId),
      idsOf(batch).slice(0, 15).toReversed(),
    );
  });

  test('records of one millisecond are each in one page', async (t) => {
    const { store, reader } = await opened(kind, t);
    const batch = many(9, () => ({ predictionId: idAt(noonMs) }));
    await store.storePredictions(batch);
    for (const ascending of [true, false]) {
      const listed = await listedIds(reader, { ascending, pageSize: 2 });
      assert.deepEqual(listed.toSorted(), idsOf(batch).toSorted());
    }
  });

  test('a page token that is none, or of another query, is refused', async (t) => {
    const { store, reader } = await opened(kind, t);
    await store.storePredictions(many(3));
    const query = { model: 'churn', pageSize: 1, ascending: true };
    const { nextPageToken } = await reader.list(query);
    assert.ok(nextPageToken);
    for (const pageToken of ['x', '\0', nextPageToken.slice(1), `${nextPageToken}AAAA`])
      await assert.rejects(reader.list({ ...query, pageToken }), {
        code: 'INVALID_INPUT',
        message: /page_token/,
      });
    for (const other of [{ model: 'price' }, { ascending: false }, { fromMs: 1 }, { hasFeedback: false }])
      await assert.rejects(reader.list({ ...query, ...other, pageToken: nextPageToken }), {
        code: 'INVALID_INPUT',
        message: /page_token: it belongs to a query with other filters/,
      });
  });
};
