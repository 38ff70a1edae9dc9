import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { isFree } from '@sluice/kernel/testing/free-port';
import { type Broker, whyNoRecords } from '../support/records.ts';
import { waitFor } from '../support/wait-for.ts';
import type { StreamPlant } from './streams/plant.ts';
import { openStreamWorld, type StreamWorld } from './streams/world.ts';

const longMs = 120_000;

const scorerOf = ({ scorers }: StreamPlant, index: number): StreamPlant['scorers'][number] =>
  scorers[index] ?? assert.fail(`no scorer ${index}`);

suite('streams whose broker or whose scorers come and go', { skip: whyNoRecords('cluster') }, () => {
  let world: StreamWorld;
  let broker: Broker;
  before(async () => {
    world = await openStreamWorld('cluster', { scorers: 3 });
    broker = world.plant.pair.broker ?? assert.fail('no broker');
  });
  after(() => world[Symbol.asyncDispose]());

  test('a broker that is stopped, and one that is killed: each event is scored once, in order', async (t) => {
    const counted = await world.whileScoring(async () => {
      broker.signal('SIGTERM');
      await waitFor('the broker to end', () => isFree(broker.ports.plain), longMs);
      await broker.restart();
      await world.load.more(1_000);
      await broker.kill();
      await broker.restart();
    });
    t.diagnostic(JSON.stringify(counted));
  });

  test('scorers that are killed, stop, join, and stand still until others have their partitions', async (t) => {
    const { plant, load } = world;
    const [first, second, third] = [0, 1, 2].map((index) => scorerOf(plant, index));
    assert.ok(first && second && third);
    const counted = await world.whileScoring(async () => {
      await first.kill();
      await first.restart();
      second.running.signal('SIGTERM');
      assert.equal(await second.running.exited, 0);
      await second.restart();
      third.running.signal('SIGSTOP');
      // Its partitions, too, are among those of which all is scored: others have them.
      await load.done(load.sent);
      third.running.signal('SIGCONT');
      await load.more(2_000);
      second.running.signal('SIGSTOP');
      await first.kill();
      await load.done(load.sent);
      second.running.signal('SIGCONT');
      await first.restart();
    });
    t.diagnostic(JSON.stringify(counted));
  });
});
