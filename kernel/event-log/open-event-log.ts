import type { EventLogSettings } from '../config/event-log.ts';
import type { Log } from '../telemetry/log.ts';
import { openEmbeddedLog } from './embedded/open-embedded-log.ts';
import type { EventLog } from './event-log.ts';
import { openKafkaLog } from './kafka/open-kafka-log.ts';

/**
 * The event log that a URL names: `lmdb:<folder>` or `kafka://host:port,…`. What Kafka's client has to say goes to the
 * log where one is given.
 * @throws SluiceError INVALID_INPUT for another kind of URL; EVENT_LOG_UNAVAILABLE
 */
export const openEventLog = (settings: EventLogSettings, log?: Log): Promise<EventLog> =>
  settings.url.startsWith('kafka:') ? openKafkaLog(settings, { log }) : openEmbeddedLog(settings.url);
