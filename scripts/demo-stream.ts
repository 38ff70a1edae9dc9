/**
 * `npm run demo:stream`: customers as an event stream that is scored, with live lag and throughput, late labels as
 * feedback, and a summary. On the embedded log, or on Kafka where EVENT_LOG_URL names one.
 */
import { readOptions } from './demo-stream/options.ts';
import { runDemo } from './demo-stream/run-demo.ts';

const options = readOptions(process.argv.slice(2));
if (options !== undefined) {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  try {
    await runDemo(options, stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    process.stdout.write('stopped\n');
  }
}
