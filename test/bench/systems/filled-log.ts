import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbeddedLog } from '@sluice/kernel/event-log/embedded/open-embedded-log';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { waitFor } from '../../support/wait-for.ts';
import type { Bench } from '../bench.ts';
import { predictTrees } from '../load/predict-questions.ts';
import { askWithH2load, assertAnswered, inFlight } from '../load/run-question.ts';
import { treesRelease } from '../model/trees.ts';
import { startSluiceSystem } from './sluice.ts';

/** An embedded log that a gateway has shipped records to; nobody has it open. */
export interface FilledLog {
  /** To be copied by whoever reads it. */
  readonly folder: string;
  /** Records of Predict with 30 named features, one from the check of the answer among them. */
  readonly records: number;
}

const shipMs = 120_000;

const untilShipped = async (folder: string, records: number): Promise<void> => {
  await using log = await openEmbeddedLog(`lmdb:${folder}`);
  const shipped = async (): Promise<bigint> => {
    const ranges = await log.admin.ranges(predictionsTopic);
    return ranges.reduce((sum, { first, next }) => sum + next - first, 0n);
  };
  await waitFor('all records to be shipped', async () => (await shipped()) >= records, shipMs);
};

/** Asks a recording gateway so often, and waits until the log has a record of each answer. */
export const fillLog = async (bench: Bench, requests: number): Promise<FilledLog> => {
  const home = join(bench.folder, `filled-${requests}`);
  await mkdir(home);
  const env = { SLUICE_HOME: home, RECORDS: 'true' };
  await using system = await startSluiceSystem({ files: treesRelease(), env });
  const question = predictTrees();
  const answerBytes = await question.ask(system);
  const asked = { ...inFlight(64), until: { requests } };
  assertAnswered(await askWithH2load(bench, system, question, asked), answerBytes);
  const filled = { folder: join(home, 'event-log'), records: requests + 1 };
  await untilShipped(filled.folder, filled.records);
  return filled;
};
