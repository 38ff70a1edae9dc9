import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRecordCodecs } from '@sluice/kernel/records/record-codec';
import type { GetPredictionResponse__Output } from '@sluice/protos/gen/sluice/v1/GetPredictionResponse';
import { type Clients, connect, unary } from '../../support/clients.ts';
import { startConsumers, untilConsuming } from '../../support/consumers.ts';
import { type DatabaseRows, openRows, type Row } from '../../support/database-rows.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { repository } from '../../support/process.ts';
import { type RecordsKind, startRecords } from '../../support/records.ts';
import { type RunningSluice, startSluice } from '../../support/sluice.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Ask, asking } from '../rest/ask.ts';

/** Everything that a record meets, from the door to the row. */
export interface RecordsWorld extends AsyncDisposable {
  readonly sluice: RunningSluice;
  readonly clients: Clients;
  readonly ask: Ask;
  readonly collector: OtlpReceiver;
  /** What processes are told to meet in the same log and database. */
  readonly env: Readonly<Record<string, string>>;
  /** Asks the database. */
  rows: DatabaseRows['rows'];
  /** Waits for the row of a prediction. */
  row(predictionId: string): Promise<Row>;
  get(predictionId: string): Promise<GetPredictionResponse__Output>;
}

export type World = () => RecordsWorld;

export const codecs = loadRecordCodecs();

/** What a revision of these tests says: each model is recorded in its own way. */
const revision = `revision: 3
who: tests
when: 2026-11-22T08:00:00.000Z
models:
  churn: { default: 1.1.0, record: { redact: [{ feature: contract, how: hash }, { feature: internet_service, how: drop }] } }
  house-price: { feedback: { label: number } }
  digits: { record: { maxBytes: 1024 } }
`;

const exampleStore = async (folder: string): Promise<string> => {
  await cp(join(repository, 'models/store'), folder, { recursive: true });
  await mkdir(join(folder, '_revisions'), { recursive: true });
  await writeFile(join(folder, '_revisions/000003.yaml'), revision);
  return `file:${folder}`;
};

/** Starts an event log, a database, the consumers, a gateway and a runtime; they are shared by all cases of a file. */
export const openWorld = async (kind: RecordsKind): Promise<RecordsWorld> => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-records-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const collector = stack.use(await startOtlpReceiver());
  const records = stack.use(await startRecords(kind));
  const store = await exampleStore(join(folder, 'store'));
  const env = {
    ...records.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    RECORD_REDACTION_KEY: 'a key for the tests, of 32 characters at least',
    TRACE_URL_TEMPLATE: 'http://jaeger.test/trace/{trace_id}',
  };
  await untilConsuming(stack.use(await startConsumers({ ...env, STORE_URL: store })));
  const sluice = stack.use(await startSluice({ store, env: { ...env, RECORDS: 'true' }, runtimeEnv: env }));
  const clients = stack.use(connect(sluice.gateway.grpc));
  const { rows } = stack.use(openRows(records.env.DATABASE_URL));
  const owned = stack.move();
  return {
    sluice,
    clients,
    ask: asking(sluice.gateway.http),
    collector,
    env,
    rows,
    row: (predictionId) =>
      waitFor(
        `the row of ${predictionId}`,
        async () => (await rows('select * from predictions where id = $1', [predictionId]))[0],
        60_000,
      ),
    get: (predictionId) => unary((done) => clients.prediction.GetPrediction({ predictionId }, done)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
