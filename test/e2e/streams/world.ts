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
import {
  type Environment,
  type RunningGateway,
  type RunningRuntime,
  startGateway,
  startRuntime,
} from '../../support/sluice.ts';
import { type CommandOutcome, runCommand } from '../../support/sluice-command.ts';
import { type Ask, asking } from '../rest/ask.ts';

/** Everything that an event meets, from its topic to the scored event and the row. */
export interface StreamsWorld extends AsyncDisposable {
  readonly kind: RecordsKind;
  readonly log: EventLog;
  /** Of releases and revisions. */
  readonly store: Store;
  readonly gateway: RunningGateway;
  readonly runtime: RunningRuntime;
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
const gatewayEnv = { RECORDS: 'true', MAX_MESSAGE_BYTES: `${gatewayMaxBytes}` };

export type World = () => StreamsWorld;

/** Waits for both even when one fails: what the other one has started is on the stack then, and goes with it. */
const both = async <A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> => {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
};

/** Starts an event log, a database, the consumers, a gateway, a runtime and a scorer; all cases of a file share them. */
export const openWorld = async (kind: RecordsKind): Promise<StreamsWorld> => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-streams-'));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  await cp(join(repository, 'models/store'), join(folder, 'store'), { recursive: true });
  const storeUrl = `file:${folder}/store`;
  const collector = stack.use(await startOtlpReceiver());
  const tracing = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
  };
  const own = async <T extends AsyncDisposable>(starting: Promise<T>): Promise<T> =>
    stack.use(await starting);
  const [records, runtime] = await both(own(startRecords(kind)), own(startRuntime(storeUrl, tracing)));
  const env = { ...records.env, ...tracing };
  const [consumers, gateway] = await both(
    own(startConsumers({ ...env, STORE_URL: storeUrl, CONSUMERS: 'recorder,feedback' })),
    own(startGateway([runtime.grpc], storeUrl, { ...env, ...gatewayEnv })),
  );
  const scoring = { links: [gateway.link], store: storeUrl, env: { ...env, SCORER_ID: 'scorer-1' } };
  const [scorer] = await both(own(startScorer(scoring)), untilConsuming(consumers));
  const clients = stack.use(connect(gateway.grpc));
  const log = stack.use(await openEventLog({ url: records.env.EVENT_LOG_URL }));
  const commandEnv = {
    SLUICE_SERVER: gateway.http,
    STORE_URL: storeUrl,
    EVENT_LOG_URL: records.env.EVENT_LOG_URL,
  };
  const owned = stack.move();
  return {
    kind,
    log,
    store: openStore(storeUrl),
    gateway,
    runtime,
    scorer,
    clients,
    ask: asking(gateway.http),
    collector,
    env,
    folder,
    command: (...args) => runCommand(args, commandEnv),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
