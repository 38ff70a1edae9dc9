import { loadRecordCodecs } from '@sluice/kernel/records/record-codec';
import { createLog } from '@sluice/kernel/telemetry/log';
import { startLake } from '../start-lake.ts';

/** A lake for a test that kills it: URLs of its log and its place, and how many messages a file has. */
const [eventLogUrl = '', url = '', messages = ''] = process.argv.slice(2);

const start = startLake({
  log: createLog({ process: 'lake', environment: 'dev', level: 'warn' }),
  eventLog: { url: eventLogUrl },
  codecs: loadRecordCodecs(),
  url,
  env: process.env,
  failures: new Set(),
  limits: { messages: Number(messages), bytes: 2 ** 30, ageMs: 50 },
});
const { ended } = await start(new AsyncDisposableStack());
// Ends with whoever started it.
process.stdin.resume().on('end', () => process.exit());
await ended;
