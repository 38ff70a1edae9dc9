import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { collect, valuesOf } from '../testing/collect.ts';
import { temporaryLog } from '../testing/embedded-log.ts';
import { eventually } from '../testing/eventually.ts';
import { newTopic, numbered, sendAll } from '../testing/messages.ts';
import { openLeases } from './leases.ts';
import { openTables } from './tables.ts';

const leaseMs = 1_000;
/** As long as a busy machine may take. */
const longMs = 60_000;

/** Two processes, as far as leases go. */
const twoLeases = async (t: TestContext) => {
  const { folder } = await temporaryLog(t);
  const tables = openTables(`lmdb:${folder}`, { folder, fsync: false });
  t.after(() => tables.close());
  return { tables, one: openLeases(tables, leaseMs), two: openLeases(tables, leaseMs) };
};

test('of two who want a lease one has it, for as long as it renews it', async (t) => {
  const { one, two } = await twoLeases(t);
  assert.equal(one.take('group', 'topic'), 1);
  for (let round = 0; round < 5; round += 1) {
    await pause(leaseMs / 2);
    assert.equal(one.renew('group', 'topic', 1), true);
    assert.equal(two.take('group', 'topic'), undefined);
  }
  assert.equal(two.take('other group', 'topic'), 1);
  assert.equal(two.take('group', 'other topic'), 1);
});

test('a lease that is given back or not renewed is had by the next one, under a higher number', async (t) => {
  const { one, two } = await twoLeases(t);
  assert.equal(one.take('group', 'topic'), 1);
  one.giveBack('group', 'topic', 1);
  assert.equal(two.take('group', 'topic'), 2);
  assert.equal(one.take('group', 'topic'), undefined);
  await pause(leaseMs + 10);
  assert.equal(one.take('group', 'topic'), 3);
  assert.equal(two.renew('group', 'topic', 2), false);
  two.giveBack('group', 'topic', 2);
  assert.equal(one.renew('group', 'topic', 3), true);
});

test('who lost a lease is fenced, also when nobody has it any more', async (t) => {
  const { tables, one, two } = await twoLeases(t);
  const check = (leases: typeof one) => tables.write(() => leases.check('group', 'topic'));
  check(one);
  one.take('group', 'topic');
  check(one);
  assert.throws(() => check(two), { code: 'FENCED' });
  await pause(leaseMs + 10);
  check(one);
  two.giveBack('group', 'topic', two.take('group', 'topic') ?? 0);
  assert.throws(() => check(one), { code: 'FENCED' });
  check(two);
});

test('a lease from before the machine was started anew holds nobody up', async (t) => {
  const { tables, one } = await twoLeases(t);
  const untilMs = Number(process.hrtime.bigint() / 1_000_000n) + 1_000_000;
  const lease = { epoch: 7, owner: 'somebody', untilMs, lastsMs: leaseMs };
  tables.write(() => tables.leases.putSync(Buffer.from('group\0topic'), Buffer.from(JSON.stringify(lease))));
  assert.equal(one.take('group', 'topic'), 8);
});

test('a consumer whose topic was taken ends its work, commits nothing, and waits for its turn', async (t) => {
  const { log, again, folder } = await temporaryLog(t, { leaseMs });
  const topic = await newTopic(log);
  await sendAll(log, { topic, messages: numbered('a', 0, 3) });
  await using first = await collect(log, { topics: [topic] });
  await first.until(3);
  // As when the process had stood still: its lease is over, and somebody else has taken it.
  const tables = openTables(`lmdb:${folder}`, { folder, fsync: false });
  t.after(() => tables.close());
  const [stolen, other] = [openLeases(tables, 0), openLeases(tables, longMs)];
  assert.ok(stolen.renew(first.group, topic, 1));
  assert.equal(other.take(first.group, topic), 2);
  await first.partitions[0]?.commit(3n);
  assert.equal(first.partitions[0]?.signal.aborted, true);
  assert.deepEqual(await log.admin.committed(first.group, topic), []);
  const transactor = await log.openTransactor('transactor');
  const consumed = { group: first.group, positions: [{ topic, partition: 0, offset: 3n }] };
  await assert.rejects(transactor.commit({ messages: [], consumed }), { code: 'FENCED' });
  other.giveBack(first.group, topic, 2);
  await first.until(6);
  assert.deepEqual(valuesOf(first.received), ['a-0', 'a-1', 'a-2', 'a-0', 'a-1', 'a-2']);
  await transactor.commit({ messages: [], consumed });
  await eventually('one partition', () => first.consumer.assigned().length === 1);
  await (await again())[Symbol.asyncDispose]();
});
