import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { createEventCodec } from './create-event-codec.ts';
import { loadEventTypes } from './event-types.ts';
import { receivedWith, streamWith } from './testing/events.ts';

const types = loadEventTypes();
const bytes = (text: string): Buffer => Buffer.from(text);
const framed = Buffer.concat([Buffer.of(0, 0, 0, 1, 7), bytes('{"a": 1}')]);
const deep = `{"a": ${'['.repeat(70)}${']'.repeat(70)}}`;

interface Bad {
  readonly what: string;
  readonly settings?: object;
  readonly value: unknown;
  readonly more?: Partial<Received>;
  readonly code: 'INVALID_INPUT' | 'MALFORMED_REQUEST';
  readonly message: RegExp;
}

const malformed = (what: string, value: unknown, message: RegExp, settings: object = {}): Bad => ({
  what,
  value,
  message,
  settings,
  code: 'MALFORMED_REQUEST',
});
const invalid = (what: string, settings: object, value: unknown, message: RegExp): Bad => ({
  what,
  settings,
  value,
  message,
  code: 'INVALID_INPUT',
});

const protobuf = { format: 'protobuf' };
/** PredictRequest.model and .version. */
const asks = (field: number, text: string): Buffer =>
  Buffer.concat([Buffer.of((field << 3) | 2, text.length), bytes(text)]);

const events: readonly Bad[] = [
  malformed('an empty value', bytes(''), /^the value is empty, expected a JSON object$/),
  malformed('text', bytes('hello'), /^the value is not JSON: Unexpected token 'h' at position 0$/),
  malformed('a wrong word', bytes('{"a": 1, "b": yes}'), /Unexpected token 'y' at position 14$/),
  malformed('a character of two halves', bytes('{"a": 😀}'), /Unexpected token '.+' at position 6$/u),
  malformed('a comma too many', bytes('{"a": 1,}'), /at position 8 \(line 1 column 9\)$/),
  malformed('half an object', bytes('{"a":'), /Unexpected end of JSON input at position 5$/),
  malformed('NaN', bytes('{"a": NaN}'), /Unexpected token 'N' at position 6$/),
  malformed('two objects', bytes('{}{}'), /Unexpected non-whitespace character after JSON at position 2/),
  malformed('no UTF-8', Buffer.of(0x7b, 0xff, 0x7d), /^the value is not UTF-8$/),
  malformed('a list', [1], /^the value is JSON, but a list of 1; expected an object$/),
  malformed('JSON null', bytes('null'), /but null; expected an object/),
  malformed('a number', bytes('7'), /but the number 7; expected an object/),
  malformed(
    'megabytes of brackets',
    bytes('['.repeat(2_000_000)),
    /^the value is nested deeper than 64 levels/,
  ),
  malformed('a long text', bytes('x'.repeat(2_000_000)), /^the value is not JSON: Unexpected token 'x'/),
  malformed('framed JSON', framed, /^Confluent framing \(schema id 263\) is not supported yet$/),
  malformed('framed protobuf', framed, /Confluent framing \(schema id 263\)/, protobuf),
  malformed('no protobuf', bytes('{"a": 1}'), /^the value is not a sluice.v1.PredictRequest: /, protobuf),
  malformed('cut protobuf', asks(1, 'churn').subarray(0, 4), /not a sluice.v1.PredictRequest/, protobuf),
  invalid('a tombstone', {}, null, /^value: it is null \(a tombstone\), which has no features$/),
  invalid('a tombstone as protobuf', protobuf, null, /a tombstone/),
  invalid(
    'another model',
    protobuf,
    asks(1, 'fraud'),
    /^model: expected 'churn', as stream churn-events says, or nothing, got 'fraud'$/,
  ),
  invalid('a version', protobuf, asks(2, '2.x'), /^version: expected none, as stream .* got '2.x'$/),
  invalid('no entity', { key: 'id' }, { a: 1 }, /^key \/id: it is not there, expected a text/),
  invalid('an empty entity', { key: 'id' }, { id: '' }, /^key \/id: expected .*, got the string ''$/),
  invalid('null for entity', { key: '/a/id' }, { a: { id: null } }, /^key \/a\/id: expected .*, got null$/),
  invalid('an object for entity', { key: 'id' }, { id: {} }, /got an object$/),
  invalid('a list for entity', { key: 'id' }, { id: [1] }, /got a list of 1$/),
  invalid(
    'an id that lost digits',
    { key: 'id' },
    bytes('{"id": 12345678901234567890}'),
    /expected a whole number below 2\^53/,
  ),
  invalid(
    'a huge number',
    {},
    bytes('{"a": {"b": [1, 1e999]}}'),
    /^features.a.b.1: expected a number that a double can hold, got Infinity$/,
  ),
  invalid(
    'a huge number passed on',
    { features: {}, pass: ['x'] },
    bytes('{"x": -1e999}'),
    /^passed.x: .* got -Infinity$/,
  ),
  invalid('lists in lists', {}, bytes(deep), /^features.a.*: expected at most 64 levels/),
  invalid(
    'a filter that fails',
    { filter: 'event.kind == "a"' },
    { a: 1 },
    /^filter: No such key: kind \(at character 7\)$/,
  ),
];

suite('an event that can never be scored', () => {
  for (const { what, settings = {}, value, code, message } of events)
    test(what, () => {
      const codec = createEventCodec({ stream: streamWith(settings), logId: 'log', types });
      const read = codec.read(receivedWith(value));
      assert.ok(read.kind === 'unreadable', read.kind);
      assert.equal(read.error.code, code);
      assert.match(read.error.message, message);
      assert.ok(!read.error.meaning.retryable);
    });
});

test('where JSON is wrong is told wherever it is', () => {
  const codec = createEventCodec({ stream: streamWith(), logId: 'log', types });
  const good = JSON.stringify({ a: 1, b: [true, null, 'text'], c: { d: -1.5e3 } });
  for (let at = 0; at <= good.length; at += 1) {
    const read = codec.read(receivedWith(bytes(`${good.slice(0, at)}\u0001${good.slice(at)}`)));
    assert.ok(read.kind === 'unreadable');
    assert.match(read.error.message, new RegExp(`at position ${at}( |$)`), read.error.message);
  }
});

test('a stream with a filter that cannot be compiled is refused', () => {
  const stream = streamWith({ filter: 'event.a >' });
  assert.throws(() => createEventCodec({ stream, logId: 'log', types }), {
    code: 'INVALID_INPUT',
    message: /^streams.churn-events.filter: Unexpected token: EOF/,
  });
});
