import { commonShape, count, port } from '@sluice/kernel/config/environment';
import { z } from 'zod';

/** The environment of the embedded database. */
export const databaseSchema = z.object({
  ...commonShape,
  DATABASE_PORT: port().default(8032).describe("PostgreSQL's protocol, for every user and database name"),
  METRICS_PORT: port().default(8034).describe('HTTP: /metrics, /livez, /readyz'),
  MAX_CONNECTIONS: count()
    .default(100)
    .describe('connections at once; their transactions wait for each other'),
});

export type DatabaseConfig = z.infer<typeof databaseSchema>;
