import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trace } from '@opentelemetry/api';
import { openScope } from './call-scope.ts';
import type { TraceText } from './trace-context.ts';

const open = (text: TraceText) =>
  openScope({
    tracer: trace.getTracer('test'),
    door: 'grpc',
    peer: '127.0.0.1:1',
    method: 'test',
    deadlineAt: Number.POSITIVE_INFINITY,
    trace: text,
    entityId: undefined,
    attributes: {},
  });

test("without an exporter the caller's context is passed on as it came", () => {
  const text = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' };
  const scope = open(text);
  assert.deepEqual(scope.trace, text);
  assert.deepEqual(scope.sampledTrace, text);
  assert.equal(scope.spanContext.traceId, '0af7651916cd43dd8448eb211c80319c');
});

test('a runtime is told of no trace that the caller does not sample', () => {
  const text = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00', tracestate: '' };
  const scope = open(text);
  assert.deepEqual([scope.trace, scope.sampledTrace], [text, { traceparent: '', tracestate: '' }]);
});

test('without any trace the next process is told of none, but logs have an id of the request', () => {
  const scope = open({ traceparent: '', tracestate: '' });
  assert.deepEqual(scope.trace, { traceparent: '', tracestate: '' });
  assert.match(scope.spanContext.traceId, /^[0-9a-f]{32}$/);
  assert.equal(scope.spanContext, scope.spanContext);
  assert.notEqual(scope.spanContext.traceId, open(scope.trace).spanContext.traceId);
});
