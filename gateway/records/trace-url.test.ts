import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceUrlFault, traceUrls } from './trace-url.ts';

test('a trace has its place in the template', () => {
  assert.equal(traceUrls('https://j/{trace_id}?t={trace_id}')('ab'), 'https://j/ab?t=ab');
});

test('without a template, or a trace, there is no link', () => {
  assert.equal(traceUrls(undefined)('ab'), '');
  assert.equal(traceUrls('http://j/{trace_id}')(''), '');
});

test('a template is a URL with a place for the trace', () => {
  assert.equal(traceUrlFault('http://j:16686/trace/{trace_id}'), undefined);
  for (const wrong of ['http://j/trace', 'j/{trace_id}', 'javascript:{trace_id}', '{trace_id}'])
    assert.match(traceUrlFault(wrong) ?? '', /\{trace_id\}/, wrong);
});
