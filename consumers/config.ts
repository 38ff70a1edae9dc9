import { databaseShape } from '@sluice/kernel/config/database';
import { commonShape, list, port } from '@sluice/kernel/config/environment';
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
});

export type ConsumersConfig = z.infer<typeof consumersSchema>;
