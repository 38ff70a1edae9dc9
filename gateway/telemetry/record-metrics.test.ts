import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyRegistry } from '@sluice/kernel/telemetry/registry';
import { testCall } from '../testing/calls.ts';
import { registerGatewayMetrics } from './gateway-metrics.ts';
import { registerRecordMetrics } from './record-metrics.ts';

test('records are counted by model, mode and what came of them, and the spool as it is when somebody looks', async () => {
  const registry = emptyRegistry('dev');
  let entries = 1;
  const metrics = registerRecordMetrics(registry, () => ({ entries, bytes: 10, ageMs: 1_500 }));
  const counts = metrics.counts('m', 'required');
  counts.kept += 2;
  counts.rejected += 1;
  assert.equal(metrics.counts('m', 'required'), counts);
  metrics.append.observe(0.001);
  metrics.feedback('OK');
  metrics.spool.shipped(3);
  entries = 7;
  const text = await registry.metrics();
  for (const sample of [
    /sluice_records_total\{model="m",mode="required",result="kept",environment="dev"\} 2/,
    /sluice_records_total\{model="m",mode="required",result="rejected",environment="dev"\} 1/,
    /sluice_record_append_seconds_count\{environment="dev"\} 1/,
    /sluice_feedback_received_total\{code="OK",environment="dev"\} 1/,
    /sluice_spool_entries\{environment="dev"\} 7/,
    /sluice_spool_age_seconds\{environment="dev"\} 1\.5/,
    /sluice_spool_shipped_total\{environment="dev"\} 3/,
    /sluice_spool_event_log_reachable\{environment="dev"\} 1/,
  ])
    assert.match(text, sample);
});

test('requests that are no traffic have a count of their own, and no other', async () => {
  const registry = emptyRegistry('dev');
  const { request } = registerGatewayMetrics(registry);
  request(testCall({ traffic: 'replay' }), 'OK', 1);
  request(testCall({ traffic: 'synthetic' }), 'INVALID_INPUT', 1);
  const text = await registry.metrics();
  assert.match(text, /sluice_synthetic_requests_total\{kind="replay",code="OK",environment="dev"\} 1/);
  assert.match(
    text,
    /sluice_synthetic_requests_total\{kind="synthetic",code="INVALID_INPUT",environment="dev"\} 1/,
  );
  assert.doesNotMatch(text, /sluice_request_seconds_count/);
});
