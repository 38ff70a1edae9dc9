import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '@sluice/kernel/telemetry/log';
import { refusalLog } from './refusal-log.ts';

test('refusals are summed up in one line a second, and none is written when there are none', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const refused = refusalLog(
    createLog({ process: 'test', environment: 'dev', level: 'info', destination: { write } }),
  );
  for (let count = 0; count < 1_000; count += 1) refused('slow', 'full');
  refused('slow', 'late');
  assert.equal(lines.length, 0);
  t.mock.timers.tick(1_000);
  const told = lines.map(({ level, msg, total, refused: counts }) => ({ level, msg, total, counts }));
  assert.deepEqual(told, [
    { level: 'warn', msg: 'overloaded', total: 1_001, counts: { 'slow: full': 1_000, 'slow: late': 1 } },
  ]);
  t.mock.timers.tick(10_000);
  assert.equal(lines.length, 1);
  for (let model = 0; model < 500; model += 1) refused(`${model}${'x'.repeat(1_000)}`, 'bytes');
  t.mock.timers.tick(1_000);
  assert.ok(JSON.stringify(lines[1]).length < 64 * 200, 'names that callers make up do not fill the log');
});
