import { z } from 'zod';

/** The variables of every process that opens the event log. */
export const eventLogShape = {
  EVENT_LOG_URL: z
    .string()
    .optional()
    .describe('event log, lmdb: or kafka:; default lmdb:<SLUICE_HOME>/event-log'),
};

/** What openEventLog is told; plain data, so that a thread can be given it. */
export interface EventLogSettings {
  readonly url: string;
}

export const eventLogOf = (config: {
  readonly SLUICE_HOME: string;
  readonly EVENT_LOG_URL?: string | undefined;
}): EventLogSettings => ({ url: config.EVENT_LOG_URL ?? `lmdb:${config.SLUICE_HOME}/event-log` });
