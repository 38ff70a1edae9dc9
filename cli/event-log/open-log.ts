import { commonShape, loadEnvironment } from '@sluice/kernel/config/environment';
import { eventLogOf, eventLogShape } from '@sluice/kernel/config/event-log';
import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { Option } from 'commander';
import { z } from 'zod';
import { usageFailure } from '../command-failure.ts';
import { loadEventLog } from '../commands/in-checkout.ts';
import type { GlobalOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';

export interface LogOptions extends GlobalOptions {
  readonly eventLog?: string;
}

export const eventLogOption = (): Option =>
  new Option(
    '--event-log <url>',
    'the event log, lmdb:<folder> or kafka://host:port,… (EVENT_LOG_URL, lmdb:.sluice/event-log; KAFKA_…)',
  );

const environmentSchema = z.object({ SLUICE_HOME: commonShape.SLUICE_HOME, ...eventLogShape });

/**
 * The event log of --event-log, else of the environment, as the processes take it. Nothing of it is loaded before a
 * command needs it.
 * @throws CommandFailure USAGE for a wrong variable; SluiceError INVALID_INPUT for another URL; EVENT_LOG_UNAVAILABLE
 */
export const openLog = async (options: LogOptions, { environment }: Terminal): Promise<EventLog> => {
  const given = options.eventLog === undefined ? {} : { EVENT_LOG_URL: options.eventLog };
  const parsed = loadEnvironment(environmentSchema, { ...environment, ...given });
  if ('error' in parsed) throw usageFailure(parsed.error.join('; '));
  const { openEventLog } = await loadEventLog();
  return await openEventLog(eventLogOf(parsed.value));
};
