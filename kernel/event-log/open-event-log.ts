import type { EventLogSettings } from '../config/event-log.ts';
import type { Log } from '../telemetry/log.ts';
import type { EventLog } from './event-log.ts';

/**
 * The event log that a URL names: `lmdb:<folder>` or `kafka://host:port,…`. What Kafka's client has to say goes to the
 * log where one is given. Only what this log needs is loaded: each of the two brings code of ten megabytes and more.
 * @throws SluiceError INVALID_INPUT for another kind of URL; EVENT_LOG_UNAVAILABLE
 */
export const openEventLog = async (settings: EventLogSettings, log?: Log): Promise<EventLog> => {
  if (settings.url.startsWith('kafka:'))
    return (await import('./kafka/open-kafka-log.ts')).openKafkaLog(settings, { log });
  return (await import('./embedded/open-embedded-log.ts')).openEmbeddedLog(settings.url);
};
