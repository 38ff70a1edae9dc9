import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { openStore } from '@sluice/kernel/store/open-store';
import type { Store } from '@sluice/kernel/store/store';
import { type Clients, connect } from '../../support/clients.ts';
import { type RunningConsumers, startConsumers, untilConsuming } from '../../support/consumers.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { repository } from '../../support/process.ts';
import { type RecordsKind, startRecords } from '../../support/records.ts';
import { startScorer } from '../../support/scorer.ts';
import { type Environment, type RunningSluice, startSluice } from '../../support/sluice.ts';
import { type CommandOutcome, runCommand } from '../../support/sluice-command.ts';
import { type Ask, asking } from '../rest/ask.ts';

/** Everything that an event meets, from its topic to the scored event and the row. */
export interface StreamsWorld extends AsyncDisposable {
  readonly kind: RecordsKind;
  readonly log: EventLog;
  /** Of releases and revisions. */
  readonly store: Store;
  readonly sluice: RunningSluice;
  readonly scorer: RunningConsumers;
  readonly clients: Clients;
  readonly ask: Ask;
  readonly collector: OtlpReceiver;
  /** What processes are told to meet in the same log and database, and to trace what its sender samples. */
  readonly env: Environment;
  /** Where a process of a case may keep its own. */
  readonly folder: string;
  /** Runs `sluice …` as the owner of a pipeline. */
  command(...args: readonly string[]): Promise<CommandOutcome>;
}

/** Of a message to the gateway: less than the logs take. */
export const gatewayMaxBytes = 256 * 1024;

export type World = () => StreamsWorld;

/** Starts an event log, a database, the consumers, a gateway, a runtime and a scorer; all cases of a file share them. */
export const openWorld = async (kind: RecordsKind): Promise<StreamsWorld> => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-streams-'));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const collector = stack.use(await startOtlpReceiver());
  const records = stack.use(await startRecords(kind));
  await cp(join(repository, 'models/store'), join(folder, 'store'), { recursive: true });
  const storeUrl = `file:${folder}/store`;
  const env = {
    ...records.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
  };
  const consuming = { ...env, STORE_URL: storeUrl, CONSUMERS: 'recorder,feedback' };
  const [consumers, sluice] = await Promise.all([
    startConsumers(consuming).then((started) => stack.use(started)),
    startSluice({
      store: storeUrl,
      env: { ...env, RECORDS: 'true', MAX_MESSAGE_BYTES: `${gatewayMaxBytes}` },
      runtimeEnv: env,
    }).then((started) => stack.use(started)),
  ]);
  await untilConsuming(consumers);
  const links = [sluice.gateway.link];
  const scorer = stack.use(
    await startScorer({ links, store: storeUrl, env: { ...env, SCORER_ID: 'scorer-1' } }),
  );
  const clients = stack.use(connect(sluice.gateway.grpc));
  const log = stack.use(await openEventLog({ url: records.env.EVENT_LOG_URL }));
  const commandEnv = {
    SLUICE_SERVER: sluice.gateway.http,
    STORE_URL: storeUrl,
    EVENT_LOG_URL: records.env.EVENT_LOG_URL,
  };
  const owned = stack.move();
  return {
    kind,
    log,
    store: openStore(storeUrl),
    sluice,
    scorer,
    clients,
    ask: asking(sluice.gateway.http),
    collector,
    env,
    folder,
    command: (...args) => runCommand(args, commandEnv),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
