import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Header, Received } from '@sluice/kernel/event-log/event-log';
import { newName, newTopic } from '@sluice/kernel/event-log/testing/messages';
import type { RecordsKind } from '../../../support/records.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { house } from '../houses.ts';
import { addStreams, newStream, outcomeOf, runStream, scoredOf, typed, untilDone } from '../streams.ts';
import { contentOf, event, headersOf, longMs, send, untilThere } from '../topics.ts';
import { gatewayMaxBytes, type World } from '../world.ts';

const own: Header = ['x-own', Buffer.from([0, 0xff])];
const sinkMaxBytes = 4_000;

type Poison = readonly [what: string, value: object | Buffer | null, code: string, message: RegExp];
const poison: readonly Poison[] = [
  ['no JSON', Buffer.from('{"house": '), 'MALFORMED_REQUEST', /not JSON/],
  ['not what the model wants', { house: { ...house(1), bedrooms: 'many' } }, 'INVALID_INPUT', /bedrooms/],
  ['a tombstone', null, 'INVALID_INPUT', /tombstone/],
  ["Confluent's framing", Buffer.from([0, 0, 0, 0, 7, 8, 9]), 'MALFORMED_REQUEST', /schema id 7/],
  ['an unknown first byte', Buffer.from([0xc3, 0x28, 1]), 'MALFORMED_REQUEST', /UTF-8/],
  ['too large for the sink', { house: house(2), blob: 'b'.repeat(2 * sinkMaxBytes) }, 'INVALID_INPUT', /./],
  [
    'too large for the gateway',
    { house: { ...house(3), blob: 'b'.repeat(gatewayMaxBytes) } },
    'MESSAGE_TOO_LARGE',
    /bytes/,
  ],
];

const codecs = ['gzip', 'snappy', 'lz4', 'zstd'];

const isReason = ([name]: Header): boolean => name.startsWith('sluice.error.');

const assertLetter = (letter: Received, [what, value, code, message]: Poison, place: object): void => {
  const sent = event('', value).value;
  assert.deepEqual(letter.value, sent, what);
  assert.deepEqual(
    letter.headers.filter((header) => !isReason(header)),
    [own],
    what,
  );
  const headers = headersOf(letter);
  const said = (name: string) => headers[`sluice.error.${name}`] ?? '';
  assert.match(said('message'), message, what);
  assert.ok(Number(said('attempts')) >= 1 && !Number.isNaN(Date.parse(said('time'))), what);
  const names = ['stage', 'code', 'topic', 'partition', 'offset', 'stream'];
  assert.deepEqual(Object.fromEntries(names.map((name) => [name, said(name)])), {
    stage: 'scorer',
    code,
    ...place,
  });
};

/** What can never be scored. */
export const deadLetterCases = (world: World, kind: RecordsKind): void => {
  for (const delivery of ['at-least-once', 'exactly-once'] as const)
    test(`${delivery}: poison of each kind becomes a dead letter as it was, and the events around it are scored`, async () => {
      await using stack = new AsyncDisposableStack();
      const { log } = world();
      const [to, deadLetters] = [
        await newTopic(log, 1, { 'max.message.bytes': `${sinkMaxBytes}` }),
        newName('letters'),
      ];
      const stream = await runStream(world(), stack, {
        model: 'house-price',
        features: 'house',
        pass: ['blob'],
        delivery,
        to,
        deadLetters,
      });
      const messages = poison.flatMap(([, value], index) => [
        event(`good-${index}`, { house: house(index) }),
        event(`poison-${index}`, value, { headers: [own] }),
      ]);
      await send(log, stream.from, [...messages, event('last', { house: house(9) })]);
      const sunk = await outcomeOf(world(), stream);
      assert.deepEqual(
        sunk.map(({ key }) => String(key)),
        [...poison.keys()].map((index) => `good-${index}`).concat('last'),
      );
      const letters = await contentOf(log, deadLetters);
      assert.equal(new Set(letters.map(({ key }) => String(key))).size, poison.length);
      for (const [index, row] of poison.entries()) {
        const letter = letters.find(({ key }) => String(key) === `poison-${index}`);
        const place = { topic: stream.from, partition: '0', offset: `${index * 2 + 1}`, stream: stream.name };
        assertLetter(letter ?? assert.fail(`${row[0]} is no letter`), row, place);
      }
    });

  test('batches that a producer has compressed are scored, whatever the codec', {
    skip: kind === 'embedded' && 'the embedded log compresses nothing',
  }, async () => {
    await using stack = new AsyncDisposableStack();
    const { log, store } = world();
    const from = await Promise.all(codecs.map((codec) => newTopic(log, 1, { 'compression.type': codec })));
    const stream = { ...(await newStream(world(), { model: 'house-price' })), from };
    await addStreams(store, stream);
    for (const topic of from)
      await send(
        log,
        topic,
        Array.from({ length: 50 }, (_, index) => event('k', house(index))),
      );
    for (const topic of from) {
      const sunk = await outcomeOf(world(), { ...stream, from: topic });
      assert.equal(sunk.filter((message) => scoredOf(message).source.topic === topic).length, 50, topic);
    }
    stack.defer(async () => void (await typed(world(), 'streams', 'remove', stream.name)));
  });

  test('letters are listed, shown and sent back by the command, and scored once their reason is mended', async () => {
    await using stack = new AsyncDisposableStack();
    const { log, store, command, scorer } = world();
    const stream = await runStream(world(), stack, {
      model: 'house-price',
      features: 'house',
      filter: 'event.kind == "sale"',
      delivery: 'exactly-once',
    });
    await send(
      log,
      stream.from,
      [1, 2].map((number) => event('k', { house: house(number) })),
    );
    await untilDone(world(), stream);
    const mine = ['--stream', stream.name];
    const { letters } = await typed<{ letters: { id: string; code: string; message: string }[] }>(
      world(),
      'dead-letters',
      'list',
      ...mine,
    );
    assert.deepEqual(
      letters.map(({ code }) => code),
      ['INVALID_INPUT', 'INVALID_INPUT'],
    );
    const shown = await command('dead-letters', 'show', letters[0]?.id ?? '', '-o', 'table');
    assert.match(shown.stdout, /filter: .*kind/);
    await addStreams(store, { ...stream, filter: '!has(event.kind) || event.kind == "sale"' });
    // What comes before the scorer has the other filter would be a letter once more.
    const begins = () => scorer.lines.filter(({ msg }) => msg === `stream ${stream.name} begins`);
    await waitFor('the stream to begin anew', () => begins().length >= 2, longMs);
    const replayed = await typed(world(), 'dead-letters', 'replay', ...mine, '--yes');
    assert.deepEqual(replayed, { sent: 2, sentBefore: 0, lost: 0 });
    const sunk = await untilThere(log, stream.to, 2);
    assert.deepEqual(
      sunk.map((message) => scoredOf(message).source.offset),
      ['2', '3'],
    );
  });
};
