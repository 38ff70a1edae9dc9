import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { toStruct } from '@sluice/kernel/features/struct';
import { loadTypes } from '@sluice/kernel/protobuf/load-types';
import fc from 'fast-check';
import type { ReadEvent } from '../event-codec.ts';
import { createEventCodec } from './create-event-codec.ts';
import { loadEventTypes } from './event-types.ts';
import { asEvent, receivedWith, streamWith } from './testing/events.ts';

const types = loadEventTypes();
const request = loadTypes(['sluice/v1/prediction_service.proto'])('sluice.v1.PredictRequest');
const requestBytes = (message: object): Buffer => Buffer.from(request.encode(message).finish());

const codecWith = (settings: object) =>
  createEventCodec({ stream: streamWith(settings), logId: 'log', types });
const read = (settings: object, value: unknown, more: Partial<Received> = {}): ReadEvent =>
  asEvent(codecWith(settings).read(receivedWith(value, more)));

test('without a mapping all fields at the top are features, names that mean something to JavaScript too', () => {
  const event = read(
    {},
    Buffer.from('{"age": 1, "age": 2, "none": null, "__proto__": {"x": 1}, "constructor": [1]}'),
  );
  assert.deepEqual(Object.entries(event.features), [
    ['age', 2],
    ['none', null],
    ['__proto__', { x: 1 }],
    ['constructor', [1]],
  ]);
});

test('with a mapping the features are those that are there, and nothing else', () => {
  const settings = {
    features: { age: '/customer/age', plan: 'plan', gone: 'gone' },
    pass: ['/customer/name', 'at'],
  };
  const event = read(settings, { customer: { age: 30, name: 'Ann' }, plan: 'basic', other: 1 });
  assert.deepEqual(event.features, { age: 30, plan: 'basic' });
  assert.deepEqual(event.passed, { name: 'Ann' });
});

test('the entity is what the key points to, as text', () => {
  for (const [id, text] of [
    ['c-1', 'c-1'],
    [7, '7'],
    [1.5, '1.5'],
    [true, 'true'],
  ] as const)
    assert.equal(read({ key: '/customer/id' }, { customer: { id } }).entityId, text);
});

test("without one it is the event's key: text as it is, else its bytes in hexadecimal digits", () => {
  for (const [key, text] of [
    [Buffer.from('kündin-7'), 'kündin-7'],
    [Buffer.of(0xff, 0x01), 'ff01'],
    [Buffer.from('0000000000000007', 'hex'), '0000000000000007'],
    [Buffer.alloc(0), ''],
    [null, ''],
  ] as const)
    assert.equal(read({}, {}, { key }).entityId, text);
});

test('a PredictRequest says its features, entity, request and parameters', () => {
  const value = requestBytes({
    model: 'churn',
    entityId: 'c-1',
    requestId: 'r-1',
    features: toStruct({ age: 30, tags: ['a', null], more: { x: true } }),
    parameters: toStruct({ limit: 5 }),
  });
  const event = read({ format: 'protobuf', pass: ['/more/x'] }, value);
  assert.deepEqual(event.features, { age: 30, tags: ['a', null], more: { x: true } });
  assert.deepEqual(event.parameters, { limit: 5 });
  assert.deepEqual(event.passed, { x: true });
  assert.deepEqual([event.entityId, event.requestId], ['c-1', 'r-1']);
  assert.equal(read({ format: 'protobuf', key: '/age' }, value).entityId, '30');
});

test('an empty PredictRequest is an event without features; validation will decide', () => {
  const event = read({ format: 'protobuf' }, Buffer.alloc(0));
  assert.deepEqual([event.features, event.parameters, event.entityId], [{}, undefined, 'k-7']);
});

test('a filter leaves events out before anything else is asked of them', () => {
  const codec = codecWith({ filter: 'event.kind == "activity"', key: 'id' });
  assert.equal(codec.read(receivedWith({ kind: 'login' })).kind, 'filtered');
  assert.equal(codec.read(receivedWith({ kind: 'activity', id: 1 })).kind, 'event');
  assert.equal(codec.read(receivedWith({ kind: 'activity' })).kind, 'unreadable');
});

test('a filter sees key, headers, topic and time', () => {
  const filter = 'key == "k-7" && headers["type"] == "b" && topic == "in" && timestamp_ms > 0';
  const headers = ['a', 'b'].map((value) => ['type', Buffer.from(value)] as const);
  assert.equal(codecWith({ filter }).read(receivedWith({}, { headers })).kind, 'event');
  assert.equal(codecWith({ filter }).read(receivedWith({}, { headers, timestampMs: -1 })).kind, 'filtered');
});

test('the trace context is that of the last headers of the name; what is none counts as absent', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const traceOf = (...headers: readonly (readonly [string, string])[]) =>
    read({}, {}, { headers: headers.map(([name, value]) => [name, Buffer.from(value)] as const) }).trace;
  assert.deepEqual(traceOf(['traceparent', 'x'], ['traceparent', traceparent], ['tracestate', 'a=b']), {
    traceparent,
    tracestate: 'a=b',
  });
  const none = { traceparent: '', tracestate: '' };
  assert.deepEqual(traceOf(), none);
  assert.deepEqual(traceOf(['traceparent', 'gone'], ['tracestate', 'a=b']), none);
  assert.deepEqual(traceOf(['traceparent', traceparent], ['tracestate', 'a\nb']), {
    traceparent,
    tracestate: '',
  });
});

test('whatever comes, an event is read or refused, and nothing is thrown', () => {
  const codecs = [
    {},
    { key: 'id', features: { a: '/a/0' } },
    { filter: 'event.a == 1' },
    { format: 'protobuf' },
  ].map(codecWith);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((given) => Buffer.from(given)),
    fc.json().map((text) => Buffer.from(text)),
    fc.constant(null),
  );
  fc.assert(
    fc.property(bytes, (value) => {
      for (const codec of codecs) {
        const result = codec.read(receivedWith(value));
        assert.ok(result.kind !== 'unreadable' || result.error.message.length > 0);
      }
    }),
    { numRuns: 2_000 },
  );
});
