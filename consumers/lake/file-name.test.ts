import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileName, modelFolder, parseLakeFile } from './file-name.ts';

for (const [model, folder] of [
  ['churn', 'churn'],
  ['Auto-Pricing_2.v1', 'Auto-Pricing_2.v1'],
  ['', '_unresolved'],
  ['_unresolved', '%5Funresolved'],
  ['.writing', '%2Ewriting'],
  ['..', '%2E.'],
  ['a/b', 'a%2Fb'],
  ['a=b', 'a%3Db'],
  ['50%', '50%25'],
  ['Prämie', 'Pr%C3%A4mie'],
  ['a\0b', 'a%00b'],
] as const) {
  test(`the folder of the model ${JSON.stringify(model)} is ${folder}`, () =>
    assert.equal(modelFolder(model), folder));
}

test('a long name is cut to what a file system takes', () => {
  assert.ok(modelFolder('ä'.repeat(1_000)).length <= 200);
  assert.ok(modelFolder('a'.repeat(1_000)).length <= 200);
});

test('a file is known by its name', () => {
  const range = { topic: 'sluice.predictions.v1', partition: 3, first: 0n, last: 2n ** 60n };
  const path = `churn/2026-11-20/${fileName(range)}`;
  assert.deepEqual(parseLakeFile(path), { ...range, path });
});

for (const path of [
  'churn/2026-11-20/data.parquet',
  'churn/2026-11-20/sluice.predictions.v1-0-0-3.csv',
  'churn/sluice.predictions.v1-0-0-3.parquet',
  '.writing/12-sluice.predictions.v1-0-0-3.parquet',
]) {
  test(`a file of somebody else is left alone: ${path}`, () => assert.equal(parseLakeFile(path), undefined));
}
