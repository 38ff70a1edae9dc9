import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createLog } from '@sluice/kernel/telemetry/log';
import { RuntimeLost } from '../core/runtime.ts';
import { testRelease } from '../testing/calls.ts';
import { RuntimeSet } from './runtime-set.ts';
import { packages, startFakeRuntime, until } from './testing/fake-runtime.ts';

const log = createLog({ process: 'test', environment: 'dev', level: 'silent' });
const never = new AbortController().signal;

const request = () => ({
  release: testRelease(),
  handle: 7,
  inputs: [],
  outputs: [],
  dueAt: performance.now() + 60_000,
  priority: 0,
  trace: { traceparent: '', tracestate: '' },
  again: false,
});

const start = async (t: TestContext) => {
  const [parent, other, cell] = await Promise.all([1, 2, 3].map(() => startFakeRuntime(t)));
  assert.ok(parent !== undefined && other !== undefined && cell !== undefined);
  const lost: string[] = [];
  const set = new RuntimeSet({
    packages,
    maxFrameBytes: 1_000_000,
    log,
    onChange: () => undefined,
    onLost: ({ address }) => lost.push(address),
  });
  t.after(() => set[Symbol.asyncDispose]());
  const addresses = () => set.runtimes.filter(({ available }) => available).map(({ address }) => address);
  const are = (...expected: readonly { readonly address: string }[]) =>
    until(() => addresses().join() === expected.map(({ address }) => address).join());
  return { parent, other, cell, set, lost, are };
};

const cellAt = (port: number, ending = '') => ({ port, model: 'm', version: '1.0.0', ending });

test('links follow the list; who stays keeps its link', async (t) => {
  const { parent, other, set, are } = await start(t);
  set.set([parent.address]);
  await are(parent);
  const [kept] = set.links;
  set.set([parent.address, other.address]);
  await are(parent, other);
  assert.equal(set.links[0], kept);
  set.set([other.address]);
  await are(other);
  await until(() => kept?.available === false);
});

test('who is taken off the list still answers what it has', async (t) => {
  const { parent, other, set, are } = await start(t);
  set.set([parent.address]);
  await are(parent);
  const asked = set.links[0]?.infer(request(), never);
  await until(() => parent.streams[0]?.entries.length === 1);
  set.set([other.address]);
  await are(other);
  parent.streams[0]?.answer(1);
  assert.equal((await asked)?.timings.batchSize, 1);
});

test('a runtime is not ready before its cells are connected, but does not wait for those that never answer', async (t) => {
  const { parent, cell, set, are } = await start(t);
  const mute = createServer((socket) => t.after(() => socket.destroy())).listen(0, '127.0.0.1');
  t.after(() => mute.close());
  await once(mute, 'listening');
  const { port } = mute.address() as AddressInfo;
  set.set([parent.address]);
  await until(() => set.ready);
  const at = performance.now();
  // However long the other cell takes on a busy machine, the time to wait for the mute one is not over.
  const clock = t.mock.method(performance, 'now', () => at);
  parent.announce({ cells: [cellAt(port), cellAt(cell.port)] });
  await are(parent, cell);
  assert.equal(set.ready, false);
  clock.mock.restore();
  await until(() => set.ready);
  await are(parent, cell);
});

test('cells come and go with what their runtime announces, at its host', async (t) => {
  const { parent, cell, set, are } = await start(t);
  set.set([parent.address]);
  await are(parent);
  parent.announce({ cells: [cellAt(cell.port)] });
  await are(parent, cell);
  assert.deepEqual([set.links.length, set.runtimes.map(({ kind }) => kind)], [1, ['runtime', 'cell']]);
  const [, link] = set.runtimes;
  parent.announce({ ready: true });
  await until(() => parent.streams[0] !== undefined);
  assert.equal(set.runtimes[1], link, 'the same link for the same cell');
  parent.announce({ cells: [] });
  await are(parent);
});

test('a cell that is ending loses what it has, with the announced reason, and is left at once', async (t) => {
  const { parent, cell, set, are, lost } = await start(t);
  set.set([parent.address]);
  parent.announce({ cells: [cellAt(cell.port)] });
  await are(parent, cell);
  const asked = set.runtimes[1]?.infer(request(), never);
  asked?.catch(() => undefined);
  await until(() => cell.streams[0]?.entries.length === 1);
  const told = 'it computed for longer than maxComputeMs (500 ms)';
  parent.announce({ cells: [cellAt(cell.port, told)] });
  await assert.rejects(asked ?? Promise.resolve(), { name: 'RuntimeLost', told });
  await are(parent);
  assert.deepEqual(lost, [cell.address]);
});

test('a cell that goes while it computes may answer', async (t) => {
  const { parent, cell, set, are, lost } = await start(t);
  set.set([parent.address]);
  parent.announce({ cells: [cellAt(cell.port)] });
  await are(parent, cell);
  const asked = set.runtimes[1]?.infer(request(), never);
  await until(() => cell.streams[0]?.entries.length === 1);
  parent.announce({ cells: [] });
  await are(parent);
  cell.streams[0]?.answer(1);
  assert.equal((await asked)?.timings.batchSize, 1);
  assert.deepEqual(lost, []);
});

test('a runtime that dies takes its cells out of the set', async (t) => {
  const { parent, cell, set, are, lost } = await start(t);
  set.set([parent.address]);
  parent.announce({ cells: [cellAt(cell.port)] });
  await are(parent, cell);
  const asked = set.runtimes[1]?.infer(request(), never);
  asked?.catch(() => undefined);
  await until(() => cell.streams[0]?.entries.length === 1);
  parent.kill();
  await are();
  cell.kill();
  await assert.rejects(asked ?? Promise.resolve(), RuntimeLost);
  assert.deepEqual(lost.sort(), [parent.address, cell.address].sort());
});
