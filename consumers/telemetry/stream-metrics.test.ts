import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { emptyRegistry } from '@sluice/kernel/telemetry/registry';
import { outcomes } from '../scorer/partition/slot.ts';
import { registerLinkMetrics } from './link-metrics.ts';
import { registerStreamMetrics } from './stream-metrics.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
const section = page.split(/^## /m).find((part) => part.startsWith('Scorer')) ?? '';

const namesIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

/** Name, type and labels of each row. */
const rows = [...section.matchAll(/^\| `(\w+)` \| (\w+) \|([^|]*)\|/gm)].map(
  ([, name = '', type = '', labels = '']) => [name, type, namesIn(labels, /`(\w+)`/g).sort()],
);

const exposed = async (): Promise<unknown[]> => {
  const registry = emptyRegistry('dev');
  const place = { stream: 's', topic: 't', partition: 0 };
  const gauges = { lagMessages: 1, lagSeconds: 1, inWindow: 1, sinceCommitSeconds: 1 };
  const metrics = registerStreamMetrics({
    registry,
    partitions: () => [{ ...place, ...gauges }],
    streams: () => [{ name: 's', isRunning: true }],
  })('s');
  const onLost = registerLinkMetrics({
    registry,
    links: () => [{ address: 'host:1', isReady: true, inFlight: 1 }],
  });
  for (const outcome of outcomes) metrics.finished(outcome, 1);
  metrics.event(0.01);
  metrics.committed(0.01);
  metrics.retried('OVERLOADED');
  onLost('host:1', 1);
  const text = await registry.metrics();
  return [...text.matchAll(/^# TYPE (\w+) (\w+)\n(\S+)/gm)].map(([, name, type, sample = '']) => [
    name,
    type,
    namesIn(sample, /(\w+)="/g)
      .filter((label) => label !== 'environment' && label !== 'le')
      .sort(),
  ]);
};

test('docs/metrics.md has the metrics of the scorer, with their types and labels, both ways', async () => {
  const byName = (list: unknown[]): unknown[] => list.toSorted((a, b) => String(a).localeCompare(String(b)));
  assert.ok(rows.length > 0);
  assert.deepEqual(byName(await exposed()), byName(rows));
});

test('what has left a scorer is no longer among its gauges', async () => {
  const registry = emptyRegistry('dev');
  const gauges = { lagMessages: 1, lagSeconds: 1, inWindow: 1, sinceCommitSeconds: 1 };
  let held = [{ stream: 's', topic: 't', partition: 0, ...gauges }];
  registerStreamMetrics({ registry, partitions: () => held, streams: () => [] });
  assert.match(await registry.metrics(), /sluice_stream_lag_messages\{.*topic="t"/);
  held = [];
  assert.doesNotMatch(await registry.metrics(), /topic="t"/);
});
