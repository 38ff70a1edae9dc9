import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { heavyModel } from '@sluice/kernel/testing/heavy-model';
import { echoModel } from '../fault/support/models.ts';
import { askSlow, type Celled, manifest, quick, slowFiles, startCelled } from '../support/celled.ts';
import { waitFor } from '../support/wait-for.ts';

const echo = (model: string, fields: Readonly<Record<string, unknown>>) => ({
  [`${model}/1/model.onnx`]: echoModel(),
  [`${model}/1/sluice.yaml`]: manifest(model, fields),
});
const heavy = (model: string, fields: Readonly<Record<string, unknown>>) => ({
  [`${model}/1/model.onnx`]: heavyModel(),
  [`${model}/1/sluice.yaml`]: manifest(model, fields),
});

describe('a release is in a cell where it says so or where it is slow', () => {
  let celled: Celled;

  before(async () => {
    celled = await startCelled({
      'measured-fast/1/model.onnx': echoModel(),
      'measured-slow/1/model.onnx': heavyModel(),
      ...echo('declared', { isolation: 'cell' }),
      ...echo('twins', { isolation: 'cell', instances: 2 }),
      ...heavy('slow-twins', { instances: 2 }),
      ...heavy('shared', { isolation: 'shared' }),
    });
  });
  after(() => celled[Symbol.asyncDispose]());

  const rows: readonly (readonly [model: string, state: string, cells: number])[] = [
    ['measured-fast', 'READY', 0],
    ['measured-slow', 'IN_CELL', 1],
    ['declared', 'IN_CELL', 1],
    ['twins', 'IN_CELL', 2],
    ['slow-twins', 'IN_CELL', 2],
    ['shared', 'READY', 0],
  ];
  for (const [model, state, cells] of rows) {
    test(`${model}: ${state}, ${cells} cells`, async () => {
      const held = await celled.link.until(model, state);
      assert.equal(held.reason, '');
      await waitFor('its cells', () => celled.link.cells(model).length === cells);
      for (let index = 0; index < cells; index += 1) {
        const cell = await celled.cell(model, index);
        assert.deepEqual(
          cell.announcements.at(-1)?.releases.map(({ state: of, digest }) => [of, digest]),
          [['HELD_STATE_READY', held.digest]],
          'a cell announces its one release under the same digest',
        );
      }
    });
  }

  test('the runtime says how large a frame may be', () => {
    assert.equal(celled.link.announcements.at(-1)?.maxFrameBytes, 64 * 1024 * 1024);
  });
});

test('without room a declared release is unavailable, a slow one is served by the runtime itself', async () => {
  await using celled = await startCelled(
    {
      ...echo('a-declared', { isolation: 'cell' }),
      ...echo('b-declared', { isolation: 'cell', instances: 2 }),
      ...heavy('c-slow', {}),
    },
    { MAX_CELLS: '1' },
  );
  const { link, runtime } = celled;
  await link.until('a-declared', 'IN_CELL');
  const { reason } = await link.until('b-declared', 'UNAVAILABLE');
  assert.equal(reason, 'it wants 2 cells, there may be 1 (MAX_CELLS)');
  await link.until('c-slow', 'READY');
  const warnings = runtime.lines.filter(({ level, model }) => level === 'warn' && model === 'c-slow');
  assert.equal(warnings.length, 1);
  assert.match(String(warnings[0]?.['msg']), /is slow, and stays here: no room/);
});

test('what a cell cannot load is unavailable with the reason', async () => {
  await using celled = await startCelled({
    ...echo('broken', { isolation: 'cell' }),
    'broken/1/golden.jsonl': '{',
  });
  const { reason } = await celled.link.until('broken', 'UNAVAILABLE');
  assert.match(reason, /golden\.jsonl/);
  assert.deepEqual(celled.link.cells('broken'), []);
});

/** Several milliseconds, whatever the processor. */
const side = 256;

test('a release that turns out to be slow moves into a cell, and no request fails meanwhile', async () => {
  await using celled = await startCelled(slowFiles({}));
  const { link } = celled;
  assert.equal(link.held('slow')?.state, 'HELD_STATE_READY');
  while (link.held('slow')?.state !== 'HELD_STATE_IN_CELL') {
    const answers = await Promise.all([askSlow(link, side), askSlow(link, side)]);
    for (const { success, failure } of answers) assert.ok(success, failure?.message);
  }
  assert.ok((await askSlow(link, quick)).success, 'who has not heard of it yet is answered too');
  assert.ok((await askSlow(await celled.cell('slow'), side)).success);
  assert.equal(celled.pids('slow').length, 1);
});

test('a release that may not move stays, however slow it is', async () => {
  await using celled = await startCelled(slowFiles({ isolation: 'shared' }));
  for (let count = 0; count < 100; count += 1) assert.ok((await askSlow(celled.link, side)).success);
  assert.equal(celled.link.held('slow')?.state, 'HELD_STATE_READY');
  assert.deepEqual(celled.pids('slow'), []);
});
