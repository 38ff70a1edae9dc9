import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpanKind, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { textOf } from '@sluice/kernel/telemetry/trace-context';
import type { Answer, TimedCall } from '../core/call.ts';
import { computed, testCall, testRelease, testScope } from '../testing/calls.ts';
import { resolution, testWriter } from '../testing/records.ts';

const answer: Answer = {
  predictionId: 'p',
  release: testRelease(),
  tensors: computed().outputs,
  outcome: { kind: 'prediction', named: {} },
  timings: computed().timings,
  warnings: [],
  totalMs: 1,
};

const contextOf = (spanId: string, traceFlags: TraceFlags) => ({
  traceId: 'a'.repeat(32),
  spanId: spanId.repeat(16),
  traceFlags,
});

/** A tracer whose spans all have one context. */
const tracerOf = () => {
  const begun: { name: string; kind: SpanKind | undefined; parent: string | undefined }[] = [];
  const tracer = {
    startSpan: (name: string, options: { kind?: SpanKind }, context: Parameters<typeof trace.getSpan>[0]) => {
      begun.push({ name, kind: options.kind, parent: trace.getSpan(context)?.spanContext().spanId });
      return trace.wrapSpanContext(contextOf('2', TraceFlags.SAMPLED));
    },
  };
  return { tracer: tracer as unknown as Tracer, begun };
};

const callIn = (flags: TraceFlags): TimedCall => {
  const span = trace.wrapSpanContext(contextOf('1', flags));
  const text = textOf(span.spanContext());
  const none = { traceparent: '', tracestate: '' };
  const scope = testScope({ span, trace: text, sampledTrace: flags === TraceFlags.SAMPLED ? text : none });
  return { ...testCall({ scope }), dueAt: 1, trail: {} };
};

const traceparentOf = (entries: ReturnType<typeof testWriter>['spool']['entries']): string | undefined =>
  entries[0]?.traceparent;

test('the message of a sampled request has a span of its own, a child of the request', async () => {
  const { tracer, begun } = tracerOf();
  const { write, spool } = testWriter({ tracer });
  await write(callIn(TraceFlags.SAMPLED), resolution(), { answer });
  const name = 'create sluice.predictions.v1';
  assert.deepEqual(begun, [{ name, kind: SpanKind.PRODUCER, parent: '1'.repeat(16) }]);
  assert.equal(traceparentOf(spool.entries), `00-${'a'.repeat(32)}-${'2'.repeat(16)}-01`);
});

test('that of a request that is not sampled is told its trace, and costs no span', async () => {
  const { tracer, begun } = tracerOf();
  const { write, spool } = testWriter({ tracer });
  await write(callIn(TraceFlags.NONE), resolution(), { answer });
  assert.deepEqual(begun, []);
  assert.equal(traceparentOf(spool.entries), `00-${'a'.repeat(32)}-${'1'.repeat(16)}-00`);
});

test('settings of a newer revision hold from the next request on', async () => {
  const { write, spool } = testWriter();
  const call = { ...testCall(), dueAt: 1, trail: {} };
  await write(call, resolution({ mode: 'off' }), { answer });
  assert.equal(spool.entries.length, 0);
  await write(call, resolution({ fsync: true }), { answer });
  assert.deepEqual(spool.synced, [true]);
});

test('models that are not there have no metric of their own', async () => {
  const { write, registry } = testWriter();
  const error = new SluiceError('MODEL_NOT_FOUND', 'no');
  const call = { ...testCall({ model: 'whatever callers send' }), dueAt: 1, trail: {} };

  await write(call, undefined, { error, totalMs: 1 });
  const text = await registry.metrics();
  assert.match(text, /sluice_records_total\{model="",mode="required",result="kept",environment="dev"\} 1/);
  assert.doesNotMatch(text, /whatever/);
});
