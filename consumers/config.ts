import { hostname } from 'node:os';
import { databaseShape } from '@sluice/kernel/config/database';
import { commonShape, count, durationMs, list, port } from '@sluice/kernel/config/environment';
import { eventLogShape } from '@sluice/kernel/config/event-log';
import { z } from 'zod';

/** What a process of this program may run. */
export const consumerNames = ['recorder', 'feedback', 'lake', 'scorer'] as const;
/** The scorer is a process of its own: events are not to wait for what the others do. */
const usualConsumers: ConsumerName[] = ['recorder', 'feedback', 'lake'];
export type ConsumerName = (typeof consumerNames)[number];

const isConsumerName = (name: string): name is ConsumerName =>
  (consumerNames as readonly string[]).includes(name);

const consumerList = () =>
  list().refine((names): names is ConsumerName[] => names.length > 0 && names.every(isConsumerName), {
    error: `expected some of ${consumerNames.join(', ')}, comma separated`,
  });

/** The consumers' environment. */
export const consumersSchema = z.object({
  ...commonShape,
  ...eventLogShape,
  ...databaseShape,
  METRICS_PORT: port().default(8022).describe('HTTP: /metrics, /livez, /readyz'),
  CONSUMERS: consumerList()
    .default(usualConsumers)
    .describe('which consumers this process runs, comma separated'),
  LAG_POLL_MS: durationMs(10)
    .default(1_000)
    .describe('how often the event log is asked how far the consumers are'),
  RETENTION_SWEEP_MS: durationMs(10)
    .default(3_600_000)
    .describe('how often records are removed whose retention, which revisions say, is over'),
  FEEDBACK_WAIT_MS: durationMs(1)
    .default(7 * 86_400_000)
    .describe('how long feedback waits for the prediction that it is about'),
  FEEDBACK_SWEEP_MS: durationMs(10)
    .default(60_000)
    .describe('how often feedback is looked for that has waited so long'),
  LAKE_URL: z
    .string()
    .optional()
    .describe('where Parquet files of predictions go, file: or s3:; default file:<SLUICE_HOME>/lake'),
  LAKE_FILE_MESSAGES: count(1)
    .default(100_000)
    .describe('predictions of a partition after which its files end'),
  LAKE_FILE_BYTES: count(1)
    .default(4 * 1024 * 1024)
    .describe('bytes of them after which they end, too; the lake needs up to 32 times as much memory'),
  LAKE_FILE_MS: durationMs(1)
    .default(300_000)
    .describe('how long the first prediction of a file waits for others'),
  GATEWAY_LINKS: list()
    .default(['127.0.0.1:8003'])
    .describe('private ports of the gateways, host:port, comma separated, which the scorer is linked to'),
  SCORER_ID: z
    .string()
    .optional()
    .describe(
      "this scorer's name in the status of streams; default the machine's name and the process's number",
    ),
  REVISION_POLL_MS: durationMs(50)
    .default(250)
    .describe('how often the scorer asks the store whether there is a newer revision'),
  STREAM_STALL_MS: durationMs(1)
    .default(60_000)
    .describe('how long a stream with events to score may commit nothing until its scorer is not ready'),
});

export type ConsumersConfig = z.infer<typeof consumersSchema>;

export const scorerIdOf = ({ SCORER_ID }: ConsumersConfig): string =>
  SCORER_ID ?? `${hostname()}-${process.pid}`;

export const lakeUrlOf = ({ LAKE_URL, SLUICE_HOME }: ConsumersConfig): string =>
  LAKE_URL ?? `file:${SLUICE_HOME}/lake`;
