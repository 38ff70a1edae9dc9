import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askSlow, endless, isAlive, quick, slowFiles, startCelled } from '../support/celled.ts';
import { connect, unary } from '../support/clients.ts';
import type { LinkClient } from '../support/link-client.ts';
import { waitFor } from '../support/wait-for.ts';
import { metricOf } from './support/metrics.ts';
import { echoModel } from './support/models.ts';
import { within } from './support/within.ts';

/** A cell that only waits for its turn on a busy machine is not silent for so long. */
const maxComputeMs = 2_000;
const files = {
  'echo/1/model.onnx': echoModel(),
  ...slowFiles({ isolation: 'cell', maxComputeMs }),
};

const askEcho = async (link: LinkClient, value: number): Promise<number | undefined> => {
  const data = Buffer.from(Float32Array.of(value).buffer);
  const { success } = await link.ask('echo', {
    inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, 1], data }],
  });
  return success?.outputs[0]?.data.readFloatLE();
};

const ends = (runtime: { readonly metrics: string }, reason: string): Promise<number> =>
  metricOf(`http://${runtime.metrics}`, 'sluice_runtime_cell_ends_total', `reason="${reason}"`);

/** A pid that the runtime told, for tests that kill it. */
const lastOf = (pids: readonly number[]): number => {
  const pid = pids.at(-1);
  assert.ok(pid !== undefined && pid > 0, 'a cell has told its process id');
  return pid;
};

test('a cell that is killed takes only its own requests with it, and another one comes', async () => {
  await using celled = await startCelled(files);
  const { link, runtime, pids } = celled;
  const cell = await celled.cell('slow');
  assert.equal(cell.held('slow')?.state, 'HELD_STATE_READY');
  assert.equal(cell.held('slow')?.digest, link.held('slow')?.digest);
  assert.ok((await askSlow(cell, quick)).success);
  const lost = askSlow(cell, endless);
  process.kill(lastOf(pids('slow')), 'SIGKILL');
  await assert.rejects(within('the link to break', lost));
  assert.equal(await askEcho(link, 7), 7, 'the others are served');
  const again = await waitFor('another cell', async () => pids('slow').length === 2 && celled.cell('slow'));
  assert.ok((await askSlow(again, quick)).success);
  assert.equal(await ends(runtime, 'crashed'), 1);
  assert.equal(await ends(runtime, 'hung'), 0);
  assert.equal(link.over, undefined);
});

test('a cell that computes for too long is announced with the reason, then killed and replaced', async () => {
  await using celled = await startCelled(files);
  const { link, runtime, pids } = celled;
  const cell = await celled.cell('slow');
  const first = lastOf(pids('slow'));
  const askedAt = performance.now();
  const hung = askSlow(cell, endless);
  await assert.rejects(within('the cell to be ended', hung));
  assert.ok(performance.now() - askedAt >= maxComputeMs, 'no batch is ended before its time');
  const reason = `it computed for longer than maxComputeMs (${maxComputeMs} ms)`;
  const told = () =>
    link.announcements.flatMap(({ cells }) => cells.flatMap(({ ending }) => (ending === '' ? [] : [ending])));
  await waitFor('the announcement, which comes over another link', () => told().length > 0);
  assert.deepEqual([...new Set(told())], [reason]);
  assert.equal(await askEcho(link, 8), 8, 'the others are served');
  const again = await waitFor('another cell', async () => pids('slow').length === 2 && celled.cell('slow'));
  assert.equal(isAlive(first), false);
  assert.ok((await askSlow(again, quick)).success);
  assert.equal(await ends(runtime, 'hung'), 1);
  assert.equal(await ends(runtime, 'crashed'), 0);
});

test('a release whose cells hang twice in a row is in quarantine until it is loaded by hand', async () => {
  await using celled = await startCelled(files, { CELL_QUARANTINE_MS: '600000' });
  const { link, runtime, pids } = celled;
  for (const count of [1, 2]) {
    const cell = await waitFor('a cell', async () => pids('slow').length === count && celled.cell('slow'));
    await assert.rejects(within('the cell to be ended', askSlow(cell, endless)));
  }
  const { reason } = await link.until('slow', 'QUARANTINED');
  assert.match(
    reason,
    /^in quarantine for 600000 ms: its cells ended twice .* longer than maxComputeMs \(2000 ms\)$/,
  );
  assert.deepEqual(link.cells('slow'), []);
  using clients = connect(runtime.grpc);
  const index = await unary<{ models: { name: string; state: string; reason: string }[] }>((done) =>
    clients.inference.RepositoryIndex({}, done),
  );
  assert.deepEqual(
    index.models.filter(({ name }) => name === 'slow').map(({ state, reason: why }) => [state, why]),
    [['UNAVAILABLE', reason]],
  );
  const { ready } = await unary<{ ready: boolean }>((done) =>
    clients.inference.ModelReady({ name: 'slow' }, done),
  );
  assert.equal(ready, false);
  await unary((done) => clients.inference.RepositoryModelLoad({ modelName: 'slow' }, done));
  assert.ok((await askSlow(await celled.cell('slow'), quick)).success);
  assert.equal(await ends(runtime, 'hung'), 2);
});

test('a quarantine ends by itself, and a further end without a batch begins the next one', async () => {
  await using celled = await startCelled(files, { CELL_QUARANTINE_MS: '3000' });
  const { link, pids } = celled;
  for (const count of [1, 2]) {
    const pid = await waitFor('a cell', () => (pids('slow').length === count ? lastOf(pids('slow')) : false));
    process.kill(pid, 'SIGKILL');
  }
  const { reason } = await link.until('slow', 'QUARANTINED');
  assert.match(reason, /the last one was killed by SIGKILL$/);
  await link.until('slow', 'IN_CELL');
  process.kill(lastOf(pids('slow')), 'SIGKILL');
  await link.until('slow', 'QUARANTINED');
  await link.until('slow', 'IN_CELL');
  assert.ok((await askSlow(await celled.cell('slow'), quick)).success);
});

test('two ends with a batch between them are no quarantine', async () => {
  await using celled = await startCelled(files);
  const { link, pids } = celled;
  for (const count of [1, 2, 3]) {
    const cell = await waitFor('a cell', async () => pids('slow').length === count && celled.cell('slow'));
    assert.ok((await askSlow(cell, quick)).success);
    process.kill(lastOf(pids('slow')), 'SIGKILL');
  }
  await waitFor('a fourth cell', () => pids('slow').length === 4);
  assert.ok(
    !link.announcements.some(({ releases }) =>
      releases.some(({ state }) => state === 'HELD_STATE_QUARANTINED'),
    ),
  );
});

test('a cell does not come back with other files', async () => {
  await using celled = await startCelled({ ...files, 'slow/1/card.md': 'good' });
  await celled.cell('slow');
  await celled.store.put('slow/1/card.md', 'Good');
  process.kill(lastOf(celled.pids('slow')), 'SIGKILL');
  const { reason } = await celled.link.until('slow', 'UNAVAILABLE');
  assert.match(reason, /its files were changed/);
});
