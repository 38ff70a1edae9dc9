import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { tryLock, unlock } from 'fs-native-extensions';
import type { EventLog } from '../event-log.ts';
import { temporaryLog } from '../testing/embedded-log.ts';
import { eventually } from '../testing/eventually.ts';
import { newTopic, numbered, sendAll } from '../testing/messages.ts';
import { openTables } from './tables.ts';

/** Where opening and writing take no turns, one opening in twenty makes a message disappear. */
const openings = 400;
/** A busy machine opens fewer in that time; those count. */
const atMostMs = 5_000;
const startMs = 60_000;

interface Opener extends AsyncDisposable {
  /** How often it opened the log and closed it again. */
  count(): number;
}

/** Opens and closes a log in a process of its own; given a topic, too, it sends a message each time. */
const startOpener = (...args: readonly string[]): Opener => {
  const program = join(import.meta.dirname, '../testing/log-opener.ts');
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let count = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    count += text.split('\n').length - 1;
  });
  return {
    count: () => {
      assert.equal(child.exitCode ?? child.signalCode, null, 'it ended by itself');
      return count;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
};

const countOf = (openers: readonly Opener[]): number =>
  openers.reduce((sum, opener) => sum + opener.count(), 0);

/** Waits for the first openings of all; whether there were enough since then. */
const begun = async (openers: readonly Opener[]): Promise<() => boolean> => {
  await eventually('the first openings', () => openers.every((opener) => opener.count() > 0), startMs);
  const end = performance.now() + atMostMs;
  return () => countOf(openers) >= openings || performance.now() > end;
};

const nextOf = async (log: EventLog, topic: string): Promise<number> => {
  const [{ next } = { next: -1n }] = await log.admin.ranges(topic);
  return Number(next);
};

test('what is acknowledged while others open and close the log stays in it', {
  timeout: 120_000,
}, async (t) => {
  const { log } = await temporaryLog(t);
  const topic = await newTopic(log);
  await using one = startOpener(log.url);
  await using two = startOpener(log.url);
  const enough = await begun([one, two]);
  for (let sent = 1; !enough(); sent += 1) {
    await sendAll(log, { topic, messages: numbered('a', 0, 1) });
    assert.equal(await nextOf(log, topic), sent);
    if (sent % 10 === 0) await turn();
  }
});

test('a log that everybody opens for one message only keeps each of them', {
  timeout: 120_000,
}, async (t) => {
  const { log, again } = await temporaryLog(t);
  const topic = await newTopic(log);
  await log[Symbol.asyncDispose]();
  let count = 0;
  {
    await using one = startOpener(log.url, topic);
    await using two = startOpener(log.url, topic);
    await using three = startOpener(log.url, topic);
    await eventually('enough openings', await begun([one, two, three]));
    count = countOf([one, two, three]);
  }
  const next = await nextOf(await again(), topic);
  assert.ok(next >= count, `${next} of ${count}`);
});

test('while somebody writes nobody else has a turn; afterwards he has, also when the write failed', async (t) => {
  const { folder } = await temporaryLog(t);
  const tables = openTables(`lmdb:${folder}`, { folder, fsync: false });
  t.after(() => tables.close());
  await using file = await open(join(folder, 'turn.lock'), 'a');
  const isFree = (): boolean => {
    const free = tryLock(file.fd);
    if (free) unlock(file.fd);
    return free;
  };
  assert.equal(isFree(), true);
  assert.equal(tables.write(isFree), false);
  assert.equal(isFree(), true);
  const fail = () => {
    throw new Error('no');
  };
  assert.throws(() => tables.write(fail), /: no$/);
  assert.equal(isFree(), true);
});
