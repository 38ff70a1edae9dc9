import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Header } from '@sluice/kernel/event-log/event-log';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { header } from '../testing/messages.ts';
import type { ScoreRequest } from './gateway-link.ts';
import { feed, longMs, newStream, startStream, untilCommitted } from './testing/running-stream.ts';
import { scored } from './testing/stand-ins.ts';

interface Began {
  readonly name: string;
  readonly options: SpanOptions;
  readonly parent: SpanContext | undefined;
  readonly own: SpanContext;
  isEnded: boolean;
}

/** A tracer that keeps what was begun. */
const keeping = (): { readonly tracer: Tracer; readonly spans: Began[] } => {
  const spans: Began[] = [];
  const startSpan: Tracer['startSpan'] = (name, options = {}, parent = ROOT_CONTEXT) => {
    const caller = trace.getSpanContext(parent);
    const spanId = String(spans.length + 1).padStart(16, '0');
    const own = { traceId: caller?.traceId ?? 'f'.repeat(32), spanId, traceFlags: 1 };
    const began: Began = { name, options, parent: caller, own, isEnded: false };
    spans.push(began);
    const span = trace.wrapSpanContext(own);
    return Object.assign(Object.create(span) as Span, {
      end: () => {
        began.isEnded = true;
      },
    });
  };
  return { tracer: { startSpan } as Tracer, spans };
};

const traceparent = (id: string, flags: string): Header =>
  header('traceparent', `00-${id.repeat(32)}-${id.repeat(16)}-${flags}`);

test('a sampled event has a span until it is written, its write is linked to it, and others cost none', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { delivery: 'exactly-once' });
  const { tracer, spans } = keeping();
  await feed(log, stream, ['sampled'], { headers: [traceparent('a', '01')] });
  await feed(log, stream, ['not'], { headers: [traceparent('b', '00')] });
  await feed(log, stream, ['none']);
  const asked = new Map<unknown, ScoreRequest['trace']>();
  const answer = (request: ScoreRequest) => {
    asked.set(request.features['text'], request.trace);
    return scored();
  };
  startStream(t, log, stream, answer, { tracer });
  await untilCommitted(log, stream, 3);
  await eventually('the ends', () => spans.every(({ isEnded }) => isEnded), longMs);
  const [event, write, ...more] = spans;
  assert.deepEqual(more, []);
  assert.equal(event?.name, `process ${stream.from[0]}`);
  assert.equal(event?.parent?.spanId, 'a'.repeat(16));
  assert.equal(write?.name, `send ${stream.to}`);
  assert.deepEqual(
    write?.options.links?.map(({ context }) => context.spanId),
    [event?.own.spanId],
  );
  assert.equal(asked.get('sampled')?.traceparent, `00-${'a'.repeat(32)}-${event?.own.spanId}-01`);
});
