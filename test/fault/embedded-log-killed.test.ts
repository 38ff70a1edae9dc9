import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, Received } from '@sluice/kernel/event-log/event-log';
import { readAll } from '@sluice/kernel/event-log/testing/collect';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { newName, newTopic } from '@sluice/kernel/event-log/testing/messages';
import { waitFor } from '../support/wait-for.ts';

const programs = resolve(import.meta.dirname, '../../kernel/event-log/testing');
const partitions = 3;

interface Started {
  readonly child: ChildProcess;
  /** Whole lines, as they came. */
  lines(): string[];
  kill(): Promise<void>;
}

const start = (t: TestContext, program: string, ...args: readonly string[]): Started => {
  const child = spawn(process.execPath, [join(programs, program), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  t.after(kill);
  return { child, kill, lines: () => said.split('\n').slice(0, -1) };
};

/** How many messages a topic has. */
const countOf = async (log: EventLog, topic: string): Promise<number> =>
  (await log.admin.ranges(topic)).reduce((sum, { next }) => sum + Number(next), 0);

/** Kills a writer at some moment; how many rounds it was told to be stored. */
const killWriter = async (t: TestContext, log: EventLog, topic: string, run: number): Promise<number> => {
  const writer = start(t, 'log-writer.ts', log.url, topic, `${run}`);
  await waitFor('the first round', () => writer.lines().length > 0);
  await pause(Math.random() * 150);
  await writer.kill();
  return Number(writer.lines().at(-1));
};

const valuesByKey = (received: readonly Received[]): Map<string, string[]> => {
  const values = new Map<string, string[]>();
  for (const { key, value } of received) {
    const own = values.get(`${key}`) ?? [];
    own.push(`${value}`.trim());
    values.set(`${key}`, own);
  }
  return values;
};

/** Each round twice, without a gap, and at most one more than was acknowledged. */
const assertRounds = (values: readonly string[], acknowledged: number, key: string): void => {
  const rounds = values.length / 2;
  const wrong = values.findIndex((value, index) => value !== `${Math.floor(index / 2)}`);
  assert.equal(
    wrong,
    -1,
    `${key}: ${values.slice(wrong - 3, wrong + 4)} around ${wrong / 2}, of ${acknowledged}`,
  );
  assert.ok(rounds === acknowledged || rounds === acknowledged + 1, `${key}: ${rounds} of ${acknowledged}`);
};

test('writers and copiers that are killed at any moment leave each acknowledged message once, in order', {
  timeout: 180_000,
}, async (t) => {
  const { log } = await temporaryLog(t);
  const [source, sink] = [await newTopic(log, partitions), await newTopic(log, partitions)];
  const group = newName('group');
  const copy = () => start(t, 'log-copier.ts', log.url, source, sink, group);
  const acknowledged: number[] = [];
  let [first, second] = [copy(), copy()];
  for (let run = 0; run < 12; run += 1) {
    acknowledged.push(await killWriter(t, log, source, run));
    await first.kill();
    [first, second] = [second, copy()];
  }
  const written = await countOf(log, source);
  await waitFor('all to be copied', async () => (await countOf(log, sink)) >= written, 60_000);
  for (const topic of [source, sink]) {
    const values = valuesByKey(await readAll(log, topic, written));
    assert.equal(values.size, 12 * 4);
    for (const [key, own] of values) assertRounds(own, acknowledged[Number.parseInt(key, 10)] ?? 0, key);
  }
  // One of them may only be opening the log, whose folder is removed first after the test.
  await Promise.all([first.kill(), second.kill()]);
  t.diagnostic(`${written} messages, 12 writers and 12 copiers killed`);
});

test('a copier that stands still past its lease is followed, and what it does afterwards is refused', {
  timeout: 120_000,
}, async (t) => {
  const { log } = await temporaryLog(t);
  const [source, sink] = [await newTopic(log, partitions), await newTopic(log, partitions)];
  const group = newName('group');
  const copiers = [0, 1].map(() => start(t, 'log-copier.ts', log.url, source, sink, group));
  const writer = start(t, 'log-writer.ts', log.url, source, '0');
  for (let round = 0; round < 4; round += 1) {
    for (const { child } of copiers) {
      await waitFor('copies', async () => (await countOf(log, sink)) > 0);
      child.kill('SIGSTOP');
      const before = await countOf(log, sink);
      await pause(1_500);
      // Not sooner: who stopped in the middle of a write holds everybody up.
      child.kill('SIGCONT');
      await waitFor('copying to go on', async () => (await countOf(log, sink)) > before);
    }
  }
  await writer.kill();
  const written = await countOf(log, source);
  await waitFor('all to be copied', async () => (await countOf(log, sink)) >= written, 60_000);
  await pause(1_000);
  assert.equal(await countOf(log, sink), written);
  for (const topic of [source, sink]) {
    const values = valuesByKey(await readAll(log, topic, written));
    for (const [key, own] of values)
      assertRounds(
        own,
        Number(writer.lines().at(-1)),
        `${topic === sink ? 'copies' : 'originals'} of ${key}`,
      );
  }
  assert.ok(copiers.some(({ lines }) => lines().some((line) => line === 'lost' || line === 'FENCED')));
});

test('a consumer that is killed is followed within seconds', { timeout: 60_000 }, async (t) => {
  const { log } = await temporaryLog(t);
  const [source, sink] = [await newTopic(log, partitions), await newTopic(log, partitions)];
  const group = newName('group');
  start(t, 'log-writer.ts', log.url, source, '0');
  const first = start(t, 'log-copier.ts', log.url, source, sink, group);
  await waitFor('copies', async () => (await countOf(log, sink)) > 0);
  const second = start(t, 'log-copier.ts', log.url, source, sink, group);
  await waitFor('the one that follows', () => second.lines().includes('consumes'));
  await first.kill();
  const before = await countOf(log, sink);
  const startedAt = performance.now();
  await waitFor('copying to go on', async () => (await countOf(log, sink)) > before + 100);
  assert.ok(performance.now() - startedAt < 10_000);
});
