import { z } from 'zod';

/** The variables of every process that uses the database of records. */
export const databaseShape = {
  DATABASE_URL: z
    .string()
    .default('postgres://sluice@127.0.0.1:8032/sluice')
    .describe('PostgreSQL that holds the records; the default is the embedded one of npm start'),
};
