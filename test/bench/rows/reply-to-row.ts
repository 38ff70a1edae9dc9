import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { skipPostgres, startPostgres } from '@sluice/kernel/testing/postgres-server';
import { startConsumers, untilConsuming } from '../../support/consumers.ts';
import { openRows } from '../../support/database-rows.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { predictTrees } from '../load/predict-questions.ts';
import { probeRows } from '../load/probe-rows.ts';
import { askWithH2load, assertAnswered, inFlight } from '../load/run-question.ts';
import { treesRelease } from '../model/trees.ts';
import { percentile } from '../statistics.ts';
import { startSluiceSystem } from '../systems/sluice.ts';
import type { Row } from './row.ts';

const question = predictTrees();
const peakShare = 0.1;
const connections = 4;
/** On each connection; enough that the rate is kept. */
const streams = 100;
const seconds = 10;
const settleMs = 60_000;

const measure = async (bench: Bench): Promise<Sample> => {
  if (skipPostgres !== false) throw new Error(skipPostgres);
  await using stack = new AsyncDisposableStack();
  const url = await stack.use(await startPostgres()).newUrl();
  const home = await mkdtemp(join(bench.folder, 'reply-to-row-'));
  const env = { SLUICE_HOME: home, RECORDS: 'true', DATABASE_URL: url };
  const system = stack.use(await startSluiceSystem({ files: treesRelease(), env }));
  const consumers = stack.use(await startConsumers({ ...env, CONSUMERS: 'recorder' }));
  await untilConsuming(consumers);
  const answerBytes = await question.ask(system);
  const load = async (asked: Partial<Parameters<typeof askWithH2load>[3]>) => {
    const result = await askWithH2load(bench, system, question, {
      ...inFlight(64),
      until: { seconds },
      ...asked,
    });
    assertAnswered(result, answerBytes);
    return result;
  };
  await using database = openRows(url);
  const { done, perSecond: peakPerSecond } = await load({});
  const stored = async (): Promise<number> => {
    const [row] = await database.rows('select count(*)::int as rows from predictions');
    return Number(row?.['rows']);
  };
  await waitFor('the rows of the peak', async () => (await stored()) > done, settleMs);
  const ratePerConnection = Math.round((peakShare * peakPerSecond) / connections);
  const loading = load({ connections, streams, ratePerConnection });
  const times = await probeRows({ grpc: system.grpc, database, whileBusy: loading });
  const { perSecond: requestsPerSecond } = await loading;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    peakPerSecond,
    requestsPerSecond,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
  };
};

/** An open loop at a tenth of the peak; some answers are looked for in the database until their rows are there. */
export const replyToRowRow = (): Row => ({
  name: 'reply-to-row',
  title: 'Predict at a tenth of the peak: from the reply to the row in PostgreSQL',
  section: 'visible',
  needs: ['h2load'],
  once: true,
  prepare: async () => {},
  measure,
});
