import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import { loadTypes } from '@sluice/kernel/protobuf/load-types';
import type { ScoredEvent__Output } from '@sluice/protos/gen/sluice/v1/ScoredEvent';
import { loaderOptions } from '@sluice/protos/loader-options';
import { house, predicted } from '../houses.ts';
import { outcomeOf, runStream, scoredOf } from '../streams.ts';
import { event, headersOf, send } from '../topics.ts';
import type { World } from '../world.ts';

const keys = Array.from({ length: 20 }, (_, index) => `house-${index}`);
const eventsOfKey = 20;

/** How events are read, and what is written for them. */
export const eventCases = (world: World): void => {
  test('over several partitions the events of a key come out in the order in which they went in', async () => {
    await using stack = new AsyncDisposableStack();
    const stream = await runStream(
      world(),
      stack,
      { model: 'house-price', features: '/house', pass: ['/meta/seq'] },
      4,
    );
    const messages = Array.from({ length: keys.length * eventsOfKey }, (_, index) =>
      event(keys[index % keys.length] ?? '', { house: house(index), meta: { seq: index } }),
    );
    await send(world().log, stream.from, messages);
    const sunk = await outcomeOf(world(), stream);
    assert.equal(sunk.length, messages.length);
    assert.ok(new Set(sunk.map(({ partition }) => partition)).size > 1);
    const byKey = Map.groupBy(sunk, ({ key }) => String(key));
    assert.deepEqual([...byKey.keys()].sort(), [...keys].sort());
    for (const [key, own] of byKey) {
      const expected = Array.from({ length: eventsOfKey }, (_, round) => ({
        seq: round * keys.length + keys.indexOf(key),
      }));
      assert.deepEqual(
        own.map((message) => scoredOf(message).passed),
        expected,
      );
      assert.equal(new Set(own.map(({ partition }) => partition)).size, 1);
      assert.ok(own.every((message) => scoredOf(message).entityId === key));
    }
  });

  test('features, key and what is passed on are found by pointers; a refusal goes to the sink as what it is', async () => {
    await using stack = new AsyncDisposableStack();
    const stream = await runStream(world(), stack, {
      model: 'car-price',
      key: '/dealer/id',
      features: { manufacturer: '/car/maker', model: '/car/model', horsepower: '/car/hp' },
      pass: ['/dealer/city', 'note', 'nothing'],
    });
    const cars = [
      { maker: 'Volkswagen', model: 'Passat', hp: 134 },
      { maker: 'Trabant', model: '601', hp: 30 },
    ];
    const messages = cars.map((car, index) =>
      event('of the event', { car, dealer: { id: index, city: 'Ulm' }, note: ['as', { it: 'is' }] }),
    );
    await send(world().log, stream.from, messages);
    const sunk = await outcomeOf(world(), stream);
    for (const [index, { maker: manufacturer, model, hp: horsepower }] of cars.entries()) {
      const message = sunk[index] ?? assert.fail('it is not there');
      const { prediction, refusal, release, passed, entityId } = scoredOf(message);
      const answer = await predicted(world().ask, 'car-price', { manufacturer, model, horsepower });
      assert.deepEqual([prediction, refusal, release], [answer.prediction, answer.refusal, answer.release]);
      assert.deepEqual(passed, { city: 'Ulm', note: ['as', { it: 'is' }] });
      assert.deepEqual([entityId, String(message.key)], [`${index}`, `${index}`]);
    }
    assert.equal(scoredOf(sunk[1] ?? assert.fail()).refusal?.code, 'UNKNOWN_VEHICLE');
  });

  test('only what the filter takes and what has changed is scored; where nothing else is said the fields are the features', async () => {
    await using stack = new AsyncDisposableStack();
    const stream = await runStream(world(), stack, {
      model: 'house-price',
      filter: 'event.lot_size < 5000.0 && key != "secret"',
      onlyWhenChanged: { ttl: '1h' },
    });
    const sent: readonly (readonly [key: string, number: number, isScored: boolean])[] = [
      ['a', 1, true],
      ['a', 1, false],
      ['b', 1, true],
      ['a', 2, true],
      ['a', 2, false],
      ['secret', 3, false],
      ['b', 500, false],
      ['a', 1, true],
    ];
    await send(
      world().log,
      stream.from,
      sent.map(([key, number]) => event(key, house(number))),
    );
    const offsets = (await outcomeOf(world(), stream)).map((message) =>
      Number(scoredOf(message).source.offset),
    );
    assert.deepEqual(
      offsets,
      [...sent.entries()].filter(([, [, , isScored]]) => isScored).map(([offset]) => offset),
    );
  });

  test('events in protobuf are scored as those in JSON, and what is written is protobuf', async () => {
    await using stack = new AsyncDisposableStack();
    const stream = await runStream(world(), stack, {
      model: 'house-price',
      format: 'protobuf',
      pass: ['bedrooms'],
    });
    const types = loadTypes(['sluice/v1/prediction_service.proto', 'sluice/v1/scored_event.proto']);
    const request = types('sluice.v1.PredictRequest');
    const value = request
      .encode(request.fromObject({ model: 'house-price', entityId: 'house-7', features: toStruct(house(7)) }))
      .finish();
    await send(world().log, stream.from, [event('k', Buffer.from(value))]);
    const [message] = await outcomeOf(world(), stream);
    assert.ok(message?.value);
    const scored = types('sluice.v1.ScoredEvent');
    const read = scored.toObject(scored.decode(message.value), loaderOptions) as ScoredEvent__Output;
    const answer = await predicted(world().ask, 'house-price', house(7));
    assert.deepEqual(
      [fromStruct(read.prediction?.outputs ?? null), fromStruct(read.passed), read.release],
      [answer.prediction?.outputs, { bedrooms: house(7).bedrooms }, answer.release],
    );
    assert.deepEqual(
      [read.stream, read.entityId, read.source],
      [stream.name, 'house-7', { topic: stream.from, partition: 0, offset: '0' }],
    );
    const headers = headersOf(message);
    assert.deepEqual(
      [headers['content-type'], headers['ce_id']],
      ['application/protobuf', read.predictionId],
    );
  });
};
