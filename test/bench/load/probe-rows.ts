import { setTimeout as pause } from 'node:timers/promises';
import { toStruct } from '@sluice/kernel/features/struct';
import { predictionTimeMs } from '@sluice/kernel/records/prediction-time';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { connect, unary } from '../../support/clients.ts';
import type { DatabaseRows } from '../../support/database-rows.ts';
import { trees } from '../model/trees.ts';
import { treesFeatures } from './predict-questions.ts';

export interface ProbeOptions {
  readonly grpc: string;
  readonly database: DatabaseRows;
  /** Probes are sent until it settles. */
  readonly whileBusy: Promise<unknown>;
}

const probeMs = 10;
/** Between two looks at the database: what was measured may be so much too long. */
const lookMs = 5;
const lateMs = 60_000;
/** By the primary key. */
const visible = `select id from predictions where (time, id) in
  (select * from unnest($1::timestamptz[], $2::uuid[]))`;

/** Asks a gateway about a hundred times a second; milliseconds from each reply until its row can be seen. */
export const probeRows = async ({ grpc, database, whileBusy }: ProbeOptions): Promise<number[]> => {
  using clients = connect(grpc);
  const repliedAt = new Map<string, number>();
  const times: number[] = [];
  let isBusy = true;
  const end = (): void => {
    isBusy = false;
  };
  whileBusy.then(end, end);
  const request = { model: trees.name, features: toStruct(treesFeatures()) };
  const ask = async (): Promise<void> => {
    while (isBusy) {
      const { predictionId } = await unary<PredictResponse__Output>((done) =>
        clients.prediction.Predict(request, done),
      );
      repliedAt.set(predictionId, performance.now());
      await pause(probeMs);
    }
  };
  const look = async (): Promise<void> => {
    while (isBusy || repliedAt.size > 0) {
      const [oldest = performance.now()] = repliedAt.values();
      if (performance.now() - oldest > lateMs) throw new Error(`a row was not there after ${lateMs} ms`);
      const ids = [...repliedAt.keys()];
      const at = ids.map((id) => new Date(predictionTimeMs(id) ?? 0));
      for (const { id } of (await database.rows(visible, [at, ids])) as { id: string }[]) {
        times.push(performance.now() - (repliedAt.get(id) ?? Number.NaN));
        repliedAt.delete(id);
      }
      await pause(lookMs);
    }
  };
  await Promise.all([ask(), look()]);
  return times;
};
