import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipKafka, startKafka } from '@sluice/kernel/event-log/testing/kafka-server';
import { within } from '../../fault/support/within.ts';
import { type Running, startProcess } from '../../support/process.ts';
import type { Environment } from '../../support/sluice.ts';

/** It starts six processes, and a database in an empty folder. */
const demoMs = 180_000;

const startDemo = (env: Environment, ...args: readonly string[]): Running =>
  startProcess('scripts/demo-stream.ts', env, args);

const textOf = ({ lines }: Running): string => lines.map(({ msg }) => msg).join('\n');

const assertSummary = async (demo: Running): Promise<void> => {
  assert.equal(await within('the demo to end', demo.exited, demoMs), 0, demo.stderr.slice(-20).join('\n'));
  const text = textOf(demo);
  assert.match(text, /^2000 events were scored in .* s, \d+ a second$/m);
  assert.match(text, /^\d+ came twice, 0 were refused, 0 are dead letters$/m);
  assert.match(text, /^500 labels came later, and it was right in \d+\.\d % of these cases$/m);
  assert.match(text, /^the last label is found with its prediction$/m);
};

test('npm run demo:stream scores its events on the embedded log, finds the last label, and says so', async () => {
  await using demo = startDemo({}, '--rate', '1000', '--events', '2000');
  await assertSummary(demo);
});

test('and on Kafka, exactly once, where EVENT_LOG_URL names one', { skip: skipKafka }, async () => {
  await using kafka = await startKafka();
  await using demo = startDemo(
    { EVENT_LOG_URL: kafka.url },
    ...['--rate', '1000', '--events', '2000', '--delivery', 'exactly-once'],
  );
  await assertSummary(demo);
  assert.match(textOf(demo), /^0 came twice/m);
});
