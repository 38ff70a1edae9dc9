import type { EventLogSettings } from '../config/event-log.ts';
import { openEmbeddedLog } from './embedded/open-embedded-log.ts';
import type { EventLog } from './event-log.ts';

/**
 * The event log that a URL names.
 * @throws SluiceError INVALID_INPUT for another kind of URL; EVENT_LOG_UNAVAILABLE
 */
export const openEventLog = ({ url }: EventLogSettings): Promise<EventLog> => openEmbeddedLog(url);
