import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Code } from '@sluice/kernel/errors/codes';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import fc from 'fast-check';
import { letterOf } from '../../dead-letters.ts';
import { openAtLeastOnce } from '../delivery/at-least-once.ts';
import { openExactlyOnce } from '../delivery/exactly-once.ts';
import type { OutletOptions } from '../delivery/outlet.ts';
import { PartitionStatus } from '../status/partition-status.ts';
import { quiet } from '../testing/running-stream.ts';
import { scored, standInLink, textCodec } from '../testing/stand-ins.ts';
import { type Random, randomOf, VirtualLog, type Worker } from '../testing/virtual-log.ts';
import { workPartition } from './work-partition.ts';

const stream = { name: 's', to: 'sink', deadLetters: 'letters', deadlineMs: 1_000 };
const passing: readonly Code[] = ['RUNTIME_LOST', 'OVERLOADED', 'MODEL_NOT_FOUND', 'RELEASE_UNAVAILABLE'];
const kinds = ['skip', 'poison', 'large', 'huge', 'plain', 'plain', 'plain', 'plain', 'plain'];
const openers = {
  'at-least-once': async (log: Worker['eventLog'], options: OutletOptions) =>
    openAtLeastOnce(await log.openProducer(), options),
  'exactly-once': (_: Worker['eventLog'], options: OutletOptions) => openExactlyOnce(options),
};
type Delivery = keyof typeof openers;

/** Answers in any order, and now and then fails in a way that passes. */
const chancy = (random: Random) =>
  standInLink(async () => {
    for (let turns = random(9); turns > 0; turns -= 1) await turn();
    const code = passing[random(passing.length * 8)];
    if (code !== undefined) throw new SluiceError(code, 'for now');
    return scored();
  });

const begin = (
  { partition, eventLog }: Worker,
  delivery: Delivery,
  { random, stopping }: { readonly random: Random; readonly stopping: AbortSignal },
): Promise<void> => {
  const link = chancy(random);
  const { topic } = partition;
  return workPartition(
    {
      stream: { ...stream, maxInFlight: 1 + random(30) },
      codec: textCodec,
      openChanges: () => undefined,
      bind: () => link.bind({} as Parameters<typeof link.bind>[0]),
      openOutlet: (own) =>
        openers[delivery](eventLog, { eventLog, stream, headers: [], group: 'g', partition: own }),
      openStatus: (own, { start }, window) =>
        Object.assign(
          new PartitionStatus({
            topic,
            partition: own.partition,
            position: () => own.next(),
            start,
            window,
            metrics: quiet,
            onError: () => undefined,
          }),
          { [Symbol.dispose]: () => undefined },
        ),
      endOf: () => undefined,
      stopping,
      waits: { firstMs: 0, maxMs: 1 },
      letterOf: ({ received: message, attempts }, error) => letterOf('scorer', { message, error, attempts }),
      checkTopics: async () => undefined,
      onError: () => undefined,
      startSpan: () => undefined,
      endSpan: () => undefined,
      traceWrite: (_, write) => write(),
    },
    partition,
  );
};

const turnsUntil = async (isDone: () => boolean, most: number): Promise<void> => {
  for (let turns = 0; turns < most && !isDone(); turns += 1) await turn();
};

/** Lives follow each other until all is committed; each ends in one of the ways in which lives end. */
const live = async (log: VirtualLog, delivery: Delivery, random: Random): Promise<void> => {
  const zombies: { readonly worker: Worker; readonly work: Promise<void> }[] = [];
  const isDone = (): boolean => log.committed === BigInt(log.events.length);
  while (!isDone()) {
    const worker = log.assign();
    const stopping = new AbortController();
    const work = begin(worker, delivery, { random, stopping: stopping.signal });
    work.catch(() => undefined);
    const ending = random(5);
    const until = ending === 3 ? Number.POSITIVE_INFINITY : random(60);
    await turnsUntil(isDone, until);
    if (ending === 4) {
      stopping.abort();
      await turnsUntil(isDone, random(60));
    }
    if (ending === 0) worker.kill();
    else if (ending === 1 && !isDone()) zombies.push({ worker, work });
    else {
      worker.revoke();
      await work;
    }
  }
  for (const { worker, work } of zombies) {
    worker.revoke();
    await work;
  }
};

/** Offsets of the events that go to a topic. */
const expectedOf = ({ events }: VirtualLog, topic: string): number[] => {
  const kind = topic === 'letters' ? /^(poison|large)/ : /^plain/;
  return events.filter(({ value }) => kind.test(String(value))).map(({ offset }) => Number(offset));
};

for (const delivery of ['at-least-once', 'exactly-once'] as const)
  test(`${delivery}: whatever fails, dies, stands still or is taken away, nothing is lost or out of order`, async () => {
    const kind = fc.constantFrom(...kinds);
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(kind, { maxLength: 120 }), async (seed, texts) => {
        const random = randomOf(seed);
        const log = new VirtualLog(texts, random);
        await live(log, delivery, random);
        assert.deepEqual(log.faults, []);
        for (const topic of ['sink', 'letters']) {
          const offsets = log.written.filter((each) => each.topic === topic).map(({ offset }) => offset);
          const seen = delivery === 'exactly-once' ? offsets : [...new Set(offsets)];
          assert.deepEqual(seen, expectedOf(log, topic));
        }
      }),
      { numRuns: 300 },
    );
  });
