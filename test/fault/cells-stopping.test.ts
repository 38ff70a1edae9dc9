import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askSlow, aWhile, endless, isAlive, quick, slowFiles, startCelled } from '../support/celled.ts';
import { connect, unary } from '../support/clients.ts';
import { waitFor } from '../support/wait-for.ts';
import { endOf } from './support/within.ts';

const files = slowFiles({ isolation: 'cell' });

test('SIGTERM of a runtime: its cells answer what they have, and end before it', async () => {
  await using celled = await startCelled(files, { DRAIN_MS: '60000' });
  const cell = await celled.cell('slow');
  const answers = Promise.all([aWhile, aWhile, quick].map((side) => askSlow(cell, side)));
  const first = askSlow(cell, quick);
  await first;
  celled.runtime.signal('SIGTERM');
  assert.ok((await answers).every(({ success }) => success !== null));
  assert.equal(await endOf(celled.runtime), 0);
  const [pid = 0] = celled.pids('slow');
  assert.equal(isAlive(pid), false);
  assert.equal(cell.announcements.at(-1)?.draining, true);
});

test('an unloaded release: its cell answers what it has and ends; loaded again it has another one', async () => {
  await using celled = await startCelled(files);
  const { link, runtime, pids } = celled;
  const cell = await celled.cell('slow');
  const [pid = 0] = pids('slow');
  using clients = connect(runtime.grpc);
  const answer = askSlow(cell, aWhile);
  await unary((done) => clients.inference.RepositoryModelUnload({ modelName: 'slow' }, done));
  assert.ok((await answer).success);
  assert.equal(isAlive(pid), false);
  await link.until('slow', 'UNLOADED');
  await unary((done) => clients.inference.RepositoryModelLoad({ modelName: 'slow' }, done));
  assert.ok((await askSlow(await celled.cell('slow'), quick)).success);
  assert.equal(pids('slow').length, 2);
});

test('kill -9 of a runtime whose cell computes without end leaves no process behind', async () => {
  await using celled = await startCelled(files, { DRAIN_MS: '300' });
  const cell = await celled.cell('slow');
  const [pid = 0] = celled.pids('slow');
  const lost = assert.rejects(askSlow(cell, endless));
  celled.runtime.signal('SIGKILL');
  await celled.runtime.exited;
  await waitFor('the cell to be gone', () => !isAlive(pid));
  await lost;
});

test('kill -9 of a runtime: a cell that does not hang answers what it has, and ends', async () => {
  await using celled = await startCelled(files, { DRAIN_MS: '60000' });
  const cell = await celled.cell('slow');
  const [pid = 0] = celled.pids('slow');
  const answer = askSlow(cell, aWhile);
  celled.runtime.signal('SIGKILL');
  assert.ok((await answer).success);
  await waitFor('the cell to be gone', () => !isAlive(pid));
});
