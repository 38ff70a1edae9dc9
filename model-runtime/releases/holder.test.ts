import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityModel, onnxModel } from '@sluice/kernel/testing/onnx-model';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import { answerOf, rowsOf, testJob } from '../testing/jobs.ts';
import { startHolder } from '../testing/start-holder.ts';
import type { HeldRelease } from './held-release.ts';
import type { ReleaseHolder } from './holder.ts';

const model = identityModel([{ datatype: 'FP32', shape: ['N', 1] }]);
const golden = (expected: number): string =>
  JSON.stringify({
    name: 'one',
    inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, 1], data: [1] }],
    outputs: [{ name: 'y0', datatype: 'FP32', shape: [1, 1], data: [expected] }],
  });
const find = (holder: ReleaseHolder, name: string): HeldRelease | undefined =>
  holder.all().find((held) => `${held.model}/${held.version}` === name);
const stateOf = (holder: ReleaseHolder, name: string): string => {
  const state = find(holder, name)?.state;
  return state === undefined ? 'none' : state.kind === 'UNAVAILABLE' ? state.reason : state.kind;
};

const broken: readonly [
  what: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  reason: RegExp,
][] = [
  ['a truncated graph', { 'model.onnx': model.subarray(0, -1) }, /is not an ONNX model/],
  ['no graph', { 'card.md': '' }, /there is no model\.onnx/],
  [
    'a broken manifest',
    { 'model.onnx': model, 'sluice.yaml': 'model: bad' },
    /sluice\.yaml:1: apiVersion: is missing/,
  ],
  [
    'a golden case that comes out otherwise',
    { 'model.onnx': model, 'golden.jsonl': golden(2) },
    /y0: expected/,
  ],
  ['a golden case that cannot be read', { 'model.onnx': model, 'golden.jsonl': '{' }, /golden\.jsonl:1/],
  [
    'a graph that ONNX Runtime refuses',
    {
      'model.onnx': onnxModel({
        inputs: [{ name: 'x', datatype: 'FP32', shape: [1] }],
        outputs: [{ name: 'y', datatype: 'FP32', shape: [1] }],
        nodes: [{ op: 'NoSuchOperator', inputs: ['x'], outputs: ['y'] }],
      }),
    },
    /NoSuchOperator/,
  ],
];

for (const [what, files, reason] of broken) {
  test(`a good release is served beside a broken one: ${what}`, async (t) => {
    const { store, put } = await temporaryStore(t);
    for (const [path, content] of Object.entries(files)) await put(`bad/1/${path}`, content);
    await put('good/1/model.onnx', model);
    await put('good/1/golden.jsonl', golden(1));
    const { holder, lines, open } = startHolder(t, store);
    assert.equal(holder.ready, false);
    await holder.loadAll([]);
    assert.equal(holder.ready, true);
    assert.equal(stateOf(holder, 'good/1'), 'READY');
    assert.match(stateOf(holder, 'bad/1'), reason);
    assert.equal(open(), 1);
    const refused = lines.find(({ level }) => level === 'error');
    assert.deepEqual([refused?.['model'], refused?.['version']], ['bad', '1']);
    assert.match(String(refused?.['reason']), reason);
    assert.equal(lines.find(({ level }) => level === 'info')?.['warmed_up_with'], '1 golden cases');
  });
}

test('only the models that are named are loaded, and one that is not there is said aloud', async (t) => {
  const { store, put } = await temporaryStore(t);
  for (const name of ['a', 'b']) await put(`${name}/1/model.onnx`, model);
  const { holder, lines } = startHolder(t, store);
  await holder.loadAll(['b', 'c']);
  assert.deepEqual([stateOf(holder, 'a/1'), stateOf(holder, 'b/1')], ['none', 'READY']);
  const messages = lines.map(({ msg }) => String(msg));
  assert.match(messages[0] ?? '', /c is to be loaded, but is not in the store/);
  assert.ok(messages.some((message) => message === 'skipped a: it is not among the models to load'));
});

test('a folder whose name is no version is skipped, and that is said', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  await put('m/latest/model.onnx', model);
  const { holder, lines } = startHolder(t, store);
  await holder.loadAll([]);
  assert.deepEqual([stateOf(holder, 'm/1'), stateOf(holder, 'm/latest')], ['READY', 'none']);
  assert.ok(lines.some(({ msg }) => msg === 'skipped m/latest: its name is no version'));
});

test('a release that is unloaded finishes what it has, then lets its session go, and can come back', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  const { holder, open } = startHolder(t, store);
  await holder.load('m');
  const held = find(holder, 'm/1');
  assert.ok(held?.state.kind === 'READY');
  const job = testJob({ inputs: [{ ...rowsOf(5), name: 'x0' }] });
  held.state.worker.submit(job.job);
  await holder.unload('m');
  assert.deepEqual(answerOf(job), [5]);
  assert.equal(holder.byHandle(held.handle)?.state.kind, 'UNLOADED');
  assert.equal(open(), 0);
  await holder.load('m');
  assert.equal(holder.byHandle(held.handle)?.state.kind, 'READY');
  assert.equal(open(), 1);
});

test('files that were changed after the first load are refused, until they are as they were', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  await put('m/1/card.md', 'good');
  const { holder } = startHolder(t, store);
  await holder.load('m');
  const { digest } = find(holder, 'm/1') ?? { digest: '' };
  await holder.unload('m');
  await put('m/1/card.md', 'Good');
  await assert.rejects(holder.load('m'), {
    code: 'RELEASE_UNAVAILABLE',
    message: /1: its files were changed/,
  });
  assert.match(stateOf(holder, 'm/1'), new RegExp(`but it was ${digest}; a release is immutable`));
  await put('m/1/card.md', 'good');
  await holder.load('m');
  assert.equal(stateOf(holder, 'm/1'), 'READY');
});

test('a broken release that was mended is loaded when it is asked for again', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', 'broken');
  const { holder } = startHolder(t, store);
  await assert.rejects(holder.load('m'), { code: 'RELEASE_UNAVAILABLE', message: /failed to load m: 1: / });
  await put('m/1/model.onnx', model);
  await holder.load('m');
  assert.equal(stateOf(holder, 'm/1'), 'READY');
});

test('a version that is new in the store is loaded beside the one that is served', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  const { holder, open } = startHolder(t, store);
  await holder.load('m');
  const before = find(holder, 'm/1');
  await put('m/2/model.onnx', model);
  await holder.load('m');
  assert.equal(find(holder, 'm/1'), before);
  assert.equal(stateOf(holder, 'm/2'), 'READY');
  assert.equal(open(), 2);
});

test('a model that is asked for twice at once is opened once', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  const { holder, open } = startHolder(t, store);
  await Promise.all([holder.loadAll([]), holder.load('m'), holder.load('m')]);
  assert.equal(open(), 1);
  await Promise.all([holder.unload('m'), holder.load('m')]);
  assert.equal(open(), 1);
  assert.equal(stateOf(holder, 'm/1'), 'READY');
});

for (const name of ['nobody', '', '..', '../m']) {
  test(`what is no model of the store is not found: '${name}'`, async (t) => {
    const { store, put } = await temporaryStore(t);
    await put('m/1/model.onnx', model);
    const { holder } = startHolder(t, store);
    await assert.rejects(holder.load(name), { code: 'MODEL_NOT_FOUND' });
    await assert.rejects(holder.unload(name), { code: 'MODEL_NOT_FOUND' });
  });
}

test('what another server computes is passed over quietly, and loads beside it', async (t) => {
  const { store, put } = await temporaryStore(t);
  const manifest = { apiVersion: 'sluice/v1', model: 'm', version: '2.0.0', kind: 'upstream' };
  await put('m/1/model.onnx', model);
  await put('m/2.0.0/sluice.yaml', JSON.stringify(manifest));
  await put('n/2.0.0/sluice.yaml', JSON.stringify({ ...manifest, model: 'n' }));
  const { holder, lines } = startHolder(t, store);
  await holder.loadAll([]);
  await holder.load('n');
  assert.deepEqual(
    holder.all().map((held) => `${held.model}/${held.version}`),
    ['m/1'],
  );
  assert.ok(lines.some(({ msg }) => msg === 'passed over m 2.0.0: another server computes it'));
  assert.ok(lines.every(({ level }) => level === 'info'));
});

test('each change is told, until nobody wants to know', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', model);
  const { holder } = startHolder(t, store);
  const seen: string[] = [];
  const forget = holder.onChange(() => seen.push(stateOf(holder, 'm/1')));
  await holder.load('m');
  assert.deepEqual(seen, ['ON_DEMAND', 'LOADING', 'READY']);
  forget();
  await holder.unload('m');
  assert.equal(seen.length, 3);
});
