import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { predictionsTopic, spoolHeader } from '@sluice/kernel/records/topics';
import { waitFor } from '../../../support/wait-for.ts';
import { house } from '../houses.ts';
import { outcomeOf, runStream, scoredOf } from '../streams.ts';
import { contentOf, event, headersOf, longMs, send } from '../topics.ts';
import type { World } from '../world.ts';

const eventCount = 400;
const partitions = 2;
const placesOf = (messages: readonly Received[]): string[] =>
  messages.map((message) => {
    const { partition = 0, offset } = scoredOf(message).source;
    return `${partition}/${offset}`;
  });
const allPlaces = Array.from({ length: partitions }, (_, partition) =>
  Array.from({ length: eventCount / partitions }, (_, offset) => `${partition}/${offset}`),
).flat();

/** What each delivery promises while nothing breaks; what breaks is in test/fault. */
export const deliveryCases = (world: World): void => {
  for (const delivery of ['exactly-once', 'at-least-once'] as const)
    test(`${delivery}: sink and records hold ${delivery === 'exactly-once' ? 'each event once' : 'all events'}, each under one id`, async () => {
      await using stack = new AsyncDisposableStack();
      const { log } = world();
      const stream = await runStream(world(), stack, { model: 'house-price', delivery }, partitions);
      for (const partition of Array.from({ length: partitions }).keys())
        await send(
          log,
          stream.from,
          Array.from({ length: eventCount / partitions }, (_, index) =>
            event(`house-${index}`, house(index), { partition }),
          ),
        );
      const sunk = await outcomeOf(world(), stream);
      assert.deepEqual(placesOf(sunk).sort(), allPlaces.toSorted());
      const ids = new Set(sunk.map((message) => headersOf(message)['ce_id'] ?? ''));
      assert.equal(ids.size, eventCount);
      // With at-least-once they are shipped by the gateway, a moment later.
      const records = await waitFor(
        'the records',
        async () => {
          const all = await contentOf(log, predictionsTopic);
          const own = all.map(headersOf).filter((headers) => ids.has(headers['ce_id'] ?? ''));
          return new Set(own.map((headers) => headers['ce_id'])).size === eventCount && own;
        },
        longMs,
      );
      const areSpooled = records.map((headers) => headers[spoolHeader] !== undefined);
      if (delivery === 'exactly-once') assert.deepEqual(areSpooled, Array(eventCount).fill(false));
      else assert.ok(areSpooled.every((isSpooled) => isSpooled));
    });
};
