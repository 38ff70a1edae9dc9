import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryStore } from '../testing/temporary-store.ts';
import { isMeasured, readDataset } from './read-dataset.ts';

test('a dataset is a row a line, with the number of its line', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put(
    'm/1/evaluation.jsonl',
    '{"features": {"a": 1}, "label": 2}\n\n{"features": {}, "label": "yes"}\n',
  );
  assert.deepEqual(await readDataset(store, 'm/1', 'evaluation.jsonl'), [
    { line: 1, features: { a: 1 }, label: 2 },
    { line: 3, features: {}, label: 'yes' },
  ]);
});

const bad: readonly [text: string, message: RegExp][] = [
  ['{"features": {}}', /^d\.jsonl:1: label: expected a number, a string, true or false$/],
  ['{"features": [], "label": 1}', /^d\.jsonl:1: features: /],
  ['{"features": {}, "label": 1, "weight": 2}', /^d\.jsonl:1: .*"weight"/],
  ['{"features": {}, "label": 1}\nno JSON\n[]', /^d\.jsonl:2: .*JSON.*; d\.jsonl:3: /],
  ['\n', /^d\.jsonl: there are no rows in it$/],
];
for (const [text, message] of bad) {
  test(`a dataset is refused with its line: ${JSON.stringify(text)}`, async (t) => {
    const { store, put } = await temporaryStore(t);
    await put('m/1/d.jsonl', text);
    await assert.rejects(readDataset(store, 'm/1', 'd.jsonl'), { message });
  });
}

test('a dataset that the package does not have is named', async (t) => {
  const { store } = await temporaryStore(t);
  await assert.rejects(readDataset(store, 'm/1', 'd.jsonl'), {
    message: 'sluice.yaml: evaluation.dataset: there is no d.jsonl in the package',
  });
});

test('a JSON Lines file of the package is measured; anything else is provenance', () => {
  const names = ['evaluation.jsonl', 'holdout-2024.parquet', 'https://data/x.jsonl', '../x.jsonl', undefined];
  assert.deepEqual(names.map(isMeasured), [true, false, false, false, false]);
});
