/**
 * Supervises the process table of the JSON file given, with short times, and exits as `sluice start` would.
 */
import { readFileSync } from 'node:fs';
import { formatJson } from '../log-format.ts';
import { createLogSink } from '../log-sink.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { stopSignals } from '../stop-signals.ts';
import { supervise } from '../supervise.ts';

const [table = '', watch] = process.argv.slice(2);
const processes = JSON.parse(readFileSync(table, 'utf8')) as ProcessSpec[];

process.exitCode = await supervise({
  processes,
  log: createLogSink({ out: process.stdout, format: formatJson, environment: 'dev' }),
  graceMs: 2_000,
  watch: watch === '--watch',
  ...stopSignals(),
  onAllReady: () => process.stderr.write('all ready\n'),
  backoff: { firstMs: 20, maxMs: 80, goodLifeMs: 5000 },
});
process.exit();
