import assert from 'node:assert/strict';
import { cp, readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { toStruct } from '@sluice/kernel/features/struct';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { slowFiles } from '../support/celled.ts';
import { inferOnce } from '../support/churn.ts';
import { connect, unary } from '../support/clients.ts';
import { startConsumers, untilConsuming } from '../support/consumers.ts';
import { repository } from '../support/process.ts';
import { startRecords } from '../support/records.ts';
import { type RunningSluice, startSluice } from '../support/sluice.ts';
import { temporaryStore } from '../support/store.ts';
import { waitFor } from '../support/wait-for.ts';
import { quoteFiles } from './rules/quote.ts';

/** Metrics of the processes themselves come from prom-client and are described there. */
const ours = /^(nv|sluice)_/;
/** The page says of `environment` that every sample has it; `le` is part of a histogram. */
const everywhere = new Set(['environment', 'le']);

/** Name → labels of the metrics that a process has, from its own exposition. */
const exposed = async (url: string): Promise<Map<string, Set<string>>> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const metrics = new Map<string, Set<string>>();
  for (const [, name = ''] of text.matchAll(/^# TYPE (\S+)/gm))
    if (ours.test(name)) metrics.set(name, new Set());
  for (const [, sample = '', labels = ''] of text.matchAll(/^([a-z_]+)\{(.*)\} /gm)) {
    const name = metrics.has(sample) ? sample : sample.replace(/_(bucket|sum|count)$/, '');
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g))
      if (!everywhere.has(label)) metrics.get(name)?.add(label);
  }
  return metrics;
};

/** The page's table for one process: rows `| name | type | labels | meaning |` below its heading. */
const documented = async (heading: string): Promise<Map<string, Set<string>>> => {
  const page = await readFile(`${repository}docs/metrics.md`, 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` \| \w+ \|([^|]*)\|/gm)];
  const labelsOf = (text: string): Set<string> =>
    new Set([...text.matchAll(/`(\w+)`/g)].map(([, label = '']) => label));
  return new Map(rows.map(([, name = '', labels = '']) => [name, labelsOf(labels)]));
};

describe('docs/metrics.md and the metrics are the same, both ways', () => {
  const stack = new AsyncDisposableStack();
  let sluice: RunningSluice;

  before(async () => {
    // What there is of cells shows with the first cell.
    const store = stack.use(await temporaryStore({ ...slowFiles({ isolation: 'cell' }), ...quoteFiles }));
    await cp(`${repository}models/store`, store.folder, { recursive: true });
    sluice = stack.use(await startSluice({ store: store.url }));
    const [runtime] = sluice.runtimes;
    const gateway = stack.use(connect(sluice.gateway.grpc));
    const features = toStruct({ vehicle: 'Trabant', power: 26 });
    await unary((done) => gateway.prediction.Predict({ model: 'quote', features }, done));
    for (const address of [sluice.gateway.grpc, runtime?.grpc ?? '']) {
      const clients = stack.use(connect(address));
      await inferOnce(clients)();
      await assert.rejects(inferOnce(clients, { modelName: 'churn' })());
    }
  });
  after(() => stack.disposeAsync());

  test('for the gateway', async () => {
    assert.deepEqual(await exposed(sluice.gateway.metrics), await documented('Gateway'));
  });

  test('for the runtime', async () => {
    assert.deepEqual(
      await exposed(`http://${sluice.runtimes[0]?.metrics}`),
      await documented('Model-runtime'),
    );
  });

  test('for the consumers', async () => {
    await using records = await startRecords('embedded');
    await using consumers = await startConsumers({ ...records.env, LAG_POLL_MS: '50' });
    await untilConsuming(consumers);
    const messages = [{ key: Buffer.from('k'), value: Buffer.from('no record'), headers: [] }];
    await using log = await openEventLog({ url: records.env.EVENT_LOG_URL });
    await using producer = await log.openProducer();
    await producer.send([{ topic: predictionsTopic, messages }]);
    const letters = /sluice_consumer_dead_letters_total\{.*sluice_consumer_lag_messages\{/s;
    await waitFor('a dead letter', async () =>
      letters.test(await (await fetch(`${consumers.metrics}/metrics`)).text()),
    );
    assert.deepEqual(await exposed(consumers.metrics), await documented('Consumers'));
  });
});
