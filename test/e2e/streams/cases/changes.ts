import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { collect } from '@sluice/kernel/event-log/testing/collect';
import { newName, newTopic } from '@sluice/kernel/event-log/testing/messages';
import { newestRevision } from '@sluice/kernel/revision/revisions';
import { waitFor } from '../../../support/wait-for.ts';
import { house } from '../houses.ts';
import { keepSending } from '../load.ts';
import { statusOf, untilState } from '../status.ts';
import {
  addStreams,
  newStream,
  outcomeOf,
  placeOf,
  removeStreams,
  runStream,
  scoredOf,
  typed,
  untilDone,
} from '../streams.ts';
import { distinct, event, longMs, send } from '../topics.ts';
import type { World } from '../world.ts';

const partitions = 2;
const customer = { tenure: 12, monthly_charges: 70.35, contract: 'Month-to-month' };

/** Streams that come, change and go while events flow. */
export const changeCases = (world: World): void => {
  test('under load streams are added, moved to another sink and another release, removed and added again, and score each event once', async () => {
    await using stack = new AsyncDisposableStack();
    const { log, store, scorer } = world();
    const first = await runStream(
      world(),
      stack,
      { model: 'churn', version: '1.0.0', delivery: 'exactly-once' },
      partitions,
    );
    const other = { ...first, name: newName('s'), to: await newTopic(log, partitions) };
    const moved = { ...first, to: await newTopic(log, partitions) };
    const newer = { ...moved, version: '1.1.0' };
    stack.defer(async () => void (await removeStreams(store, other)));
    await using seen = await collect(log, { topics: [first.to, other.to, moved.to] });
    const inSink = (topic: string) => distinct(seen.received.filter((message) => message.topic === topic));
    const come = (topic: string, version: string, more = 20) => {
      const count = () => inSink(topic).filter((each) => scoredOf(each).release?.version === version).length;
      const wanted = count() + more;
      return waitFor(`events of ${version} in ${topic}`, () => count() >= wanted, longMs);
    };
    const load = keepSending(log, first.from, () => customer);
    await come(first.to, '1.0.0');
    await addStreams(store, other);
    await come(other.to, '1.0.0');
    await addStreams(store, moved);
    await come(moved.to, '1.0.0');
    await addStreams(store, newer);
    await come(moved.to, '1.1.0');
    await removeStreams(store, newer);
    await scorerStopped(first.name);
    await come(other.to, '1.0.0');
    await addStreams(store, newer);
    await come(moved.to, '1.1.0');
    await waitFor('its rate', async () => ((await statusOf(world(), newer.name))?.rate ?? 0) > 0, longMs);
    const sent = await load.stop();
    await Promise.all([untilDone(world(), newer), untilDone(world(), other)]);
    const all = () => [...inSink(first.to), ...inSink(moved.to)];
    await waitFor('the last events', () => all().length >= sent && inSink(other.to).length >= sent, longMs);
    for (const messages of [all(), inSink(other.to)])
      assert.deepEqual([messages.length, new Set(messages.map(placeOf)).size], [sent, sent]);
    assert.ok((await fetch(`${scorer.metrics}/readyz`)).ok);
  });

  const scorerStopped = (name: string) =>
    waitFor(
      `${name} to stop`,
      () => world().scorer.lines.some(({ msg }) => msg === `stream ${name} stops: removed`),
      longMs,
    );

  test('a stream whose topic is missing waits and says so, begins when the topic is made, and holds up no other one', async () => {
    await using stack = new AsyncDisposableStack();
    const { log, store } = world();
    const good = await runStream(world(), stack, { model: 'house-price' });
    const missing = newName('topic');
    const waiting = { ...(await newStream(world(), { model: 'house-price' })), from: missing };
    await addStreams(store, waiting);
    stack.defer(async () => void (await removeStreams(store, waiting)));
    await untilState(world(), waiting.name, 'WAITING', new RegExp(missing));
    const { stdout } = await world().command('streams', 'status', waiting.name, '-o', 'table');
    assert.ok(stdout.includes(`sluice topics create ${missing}`), stdout);
    await send(log, good.from, [event('k', house(1))]);
    assert.equal((await outcomeOf(world(), good)).length, 1);
    await typed(world(), 'topics', 'create', missing, '--partitions', '1');
    await send(log, missing, [event('k', house(2))]);
    assert.equal((await outcomeOf(world(), waiting)).length, 1);
    await untilState(world(), waiting.name, 'RUNNING');
  });

  test('config apply refuses streams that could not work, each with its place and reason, and stores nothing', async () => {
    const { store, folder, command } = world();
    const good = { name: 'good', from: 'a', to: 'b', model: 'house-price' };
    const draft = {
      streams: [
        { ...good, name: 'unknown', model: 'house-prize', to: 'c' },
        { ...good, name: 'circle', from: 'b', to: 'a' },
        { ...good, features: { lot_size: '/lot', colour: '/colour' } },
        { ...good, name: 'filtered', to: 'd', filter: 'event.kind ==' },
      ],
    };
    const before = (await newestRevision(store)).revision;
    const file = join(folder, 'bad.yaml');
    await writeFile(file, JSON.stringify(draft));
    const { exitCode, stderr } = await command('config', 'apply', '-f', file);
    assert.equal(exitCode, 1);
    for (const expected of [
      /streams\.0\.model.*house-price/,
      /streams\.1\.to/,
      /streams\.2\.features\.colour/,
      /streams\.3\.filter/,
    ])
      assert.match(stderr, expected);
    assert.deepEqual((await newestRevision(store)).revision, before);
  });
};
