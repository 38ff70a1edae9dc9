import { databaseShape } from '@sluice/kernel/config/database';
import { commonShape, count, durationMs, list, port } from '@sluice/kernel/config/environment';
import { eventLogShape } from '@sluice/kernel/config/event-log';
import { z } from 'zod';

/** The consumers' environment. */
export const consumersSchema = z.object({
  ...commonShape,
  ...eventLogShape,
  ...databaseShape,
  METRICS_PORT: port().default(8022).describe('HTTP: /metrics, /livez, /readyz'),
  CONSUMERS: list()
    .default(['recorder', 'feedback', 'lake'])
    .describe('which consumers this process runs, comma separated'),
  LAKE_URL: z
    .string()
    .optional()
    .describe('where Parquet files of predictions go, file: or s3:; default file:<SLUICE_HOME>/lake'),
  LAKE_FILE_MESSAGES: count(1)
    .default(100_000)
    .describe('predictions of a partition after which its files end'),
  LAKE_FILE_BYTES: count(1)
    .default(32 * 1024 * 1024)
    .describe('bytes of them after which they end, too'),
  LAKE_FILE_MS: durationMs(1)
    .default(300_000)
    .describe('how long the first prediction of a file waits for others'),
});

export type ConsumersConfig = z.infer<typeof consumersSchema>;

export const lakeUrlOf = ({ LAKE_URL, SLUICE_HOME }: ConsumersConfig): string =>
  LAKE_URL ?? `file:${SLUICE_HOME}/lake`;
