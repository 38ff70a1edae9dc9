import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import type { Features, FeatureValue } from '@sluice/kernel/features/value';
import { loadTypes } from '@sluice/kernel/protobuf/load-types';
import { canonicalJson } from '@sluice/kernel/protobuf/testing/canonical-json';
import type { ScoredEvent__Output } from '@sluice/protos/gen/sluice/v1/ScoredEvent';
import { loaderOptions } from '@sluice/protos/loader-options';
import fc from 'fast-check';
import type { Scored } from '../gateway-link.ts';
import { createEventCodec } from './create-event-codec.ts';
import { loadEventTypes } from './event-types.ts';
import { asEvent, receivedWith, scoredWith, streamWith } from './testing/events.ts';

const types = loadEventTypes();
const type = loadTypes(['sluice/v1/scored_event.proto'])('sluice.v1.ScoredEvent');
const decode = (bytes: Buffer | null): ScoredEvent__Output =>
  type.toObject(type.decode(bytes ?? Buffer.alloc(0)), loaderOptions) as ScoredEvent__Output;
const jsonOf = (bytes: Buffer | null): Record<string, unknown> => JSON.parse(bytes?.toString() ?? '');

const untraced = { traceparent: '', tracestate: '' };
type Settings = Readonly<Record<string, unknown>>;
const write = (
  settings: Settings,
  value: Features,
  scored: Scored = scoredWith(),
  trace = untraced,
  more = {},
) => {
  const codec = createEventCodec({ stream: streamWith(settings), logId: 'log', types });
  const given = settings['format'] === 'protobuf' ? Buffer.alloc(0) : value;
  const event = asEvent(codec.read(receivedWith(given, more)));
  return { event, common: codec.headers, message: codec.write(event, scored, trace) };
};
const headersOf = ({ common, message }: ReturnType<typeof write>) =>
  [...common, ...message.headers].map(([name, value]) => [name, value.toString()]);

test('a prediction as JSON', () => {
  const { event, message } = write({ key: 'id', pass: ['plan'] }, { id: 'c-1', plan: 'basic' });
  assert.deepEqual(jsonOf(message.value), {
    predictionId: event.predictionId,
    stream: 'churn-events',
    entityId: 'c-1',
    release: { name: 'churn', version: '1.2.0', digest: `sha256:${'a'.repeat(64)}` },
    prediction: { outputs: { churns: true, probability: 0.75 } },
    passed: { plan: 'basic' },
    eventTime: '2026-11-22T10:00:00.250Z',
    source: { topic: 'in', partition: 3, offset: '41' },
  });
});

test('a refusal is said as what it is, with its warnings', () => {
  const outcome = { kind: 'refusal', code: 'UNKNOWN_PLAN', message: 'no such plan' } as const;
  const { message } = write({}, {}, scoredWith({ outcome, warnings: ['it is deprecated'] }));
  const { refusal, prediction, passed, warnings } = jsonOf(message.value);
  assert.deepEqual(refusal, { code: 'UNKNOWN_PLAN', message: 'no such plan' });
  assert.deepEqual([prediction, passed, warnings], [undefined, undefined, ['it is deprecated']]);
});

test('numbers that JSON does not have are written as their names, in either format', () => {
  const outputs = { a: Number.NaN, b: [Number.POSITIVE_INFINITY], c: { d: Number.NEGATIVE_INFINITY, e: 1 } };
  const named = { a: 'NaN', b: ['Infinity'], c: { d: '-Infinity', e: 1 } };
  const scored = scoredWith({ outcome: { kind: 'prediction', outputs } });
  assert.deepEqual(jsonOf(write({}, {}, scored).message.value)['prediction'], { outputs: named });
  const { prediction } = decode(write({ format: 'protobuf' }, {}, scored).message.value);
  assert.deepEqual(fromStruct(prediction?.outputs ?? null), named);
});

test('headers say what it is, whose it is and of which trace', () => {
  const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' };
  const written = write({}, {}, scoredWith(), trace);
  assert.deepEqual(headersOf(written), [
    ['ce_specversion', '1.0'],
    ['ce_type', 'sluice.v1.ScoredEvent'],
    ['ce_source', '/sluice/streams/churn-events'],
    ['ce_dataschema', '/sluice/v1/ScoredEvent'],
    ['content-type', 'application/json'],
    ['ce_id', written.event.predictionId],
    ['ce_time', '2026-11-22T10:00:00.250Z'],
    ['ce_subject', 'k-7'],
    ['traceparent', trace.traceparent],
    ['tracestate', 'a=b'],
  ]);
});

test('without an entity and a trace there are no headers for them', () => {
  const written = write({ format: 'protobuf' }, {}, scoredWith(), untraced, { key: null });
  const names = headersOf(written).map(([name]) => name);
  assert.deepEqual(names.slice(-2), ['ce_id', 'ce_time']);
  assert.ok(headersOf(written).some(([, value]) => value === 'application/protobuf'));
});

test("the key is the entity where the stream names it, else the event's own bytes, else the prediction's id", () => {
  const key = Buffer.of(0xff, 0x01);
  const keyWith = (settings: Settings, given: Buffer | null) =>
    write(settings, { id: 7 }, scoredWith(), untraced, { key: given });
  assert.equal(keyWith({ key: 'id' }, key).message.key.toString(), '7');
  assert.deepEqual(keyWith({}, key).message.key, key);
  const { event, message } = keyWith({}, null);
  assert.equal(message.key.toString(), event.predictionId);
});

const text = fc.string({ unit: 'grapheme', maxLength: 6 });
const { value: anyValue } = fc.letrec<{ value: FeatureValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, 1.5),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const features: fc.Arbitrary<Features> = fc.dictionary(text, anyValue, { maxKeys: 4, noNullPrototype: true });
const scored = fc.record({
  release: fc.record({ model: text, version: text, digest: text }),
  outcome: fc.oneof(
    fc.record({ kind: fc.constant('prediction' as const), outputs: features }),
    fc.record({ kind: fc.constant('refusal' as const), code: text, message: text }),
  ),
  warnings: fc.array(text, { maxLength: 2 }),
  traceparent: fc.constant(''),
  record: fc.constant(undefined),
});
const event = fc.record({
  key: fc.constantFrom(null, Buffer.from('k')),
  partition: fc.nat(2),
  offset: fc.constantFrom(0n, 41n, 2n ** 60n),
  timestampMs: fc.constantFrom(-1, 0, 1_795_341_600_250),
  passed: anyValue,
});

/** -0 is 0 to JSON. */
const viaJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('as JSON it is the proto3 mapping of the message that it is in binary', () => {
  fc.assert(
    fc.property(scored, event, fc.boolean(), (answer, { passed, ...more }, passes) => {
      const settings = passes ? { pass: ['x'] } : {};
      const codecs = (['json', 'protobuf'] as const).map((format) =>
        createEventCodec({ stream: streamWith({ ...settings, format }), logId: 'log', types }),
      );
      const read = codecs[0]?.read(receivedWith({ x: passed }, more)) ?? { kind: 'filtered' };
      const [json, binary] = codecs.map((codec) => codec.write(asEvent(read), answer, untraced).value);
      assert.ok(json && binary);
      assert.deepEqual(jsonOf(json), viaJson(canonicalJson(type, type.decode(binary))));
    }),
  );
});

test('in binary all comes back as it was', () => {
  fc.assert(
    fc.property(features, (outputs) => {
      const { message, event } = write(
        { format: 'protobuf' },
        {},
        scoredWith({ outcome: { kind: 'prediction', outputs } }),
      );
      const came = decode(message.value);
      assert.deepEqual(
        came.prediction?.outputs,
        decode(type.encode({ prediction: { outputs: toStruct(outputs) } }).finish() as Buffer).prediction
          ?.outputs,
      );
      assert.deepEqual(
        [came.predictionId, came.stream, came.entityId, came.eventTime],
        [event.predictionId, 'churn-events', 'k-7', '2026-11-22T10:00:00.250Z'],
      );
      assert.deepEqual(came.source, { topic: 'in', partition: 3, offset: '41' });
    }),
  );
});
