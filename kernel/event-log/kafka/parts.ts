import type { EventLogSettings } from '../../config/event-log.ts';
import type { NewClient } from './client.ts';
import type { Topics, WithAdmin } from './topics.ts';

/** What an open log consists of. */
export interface Parts {
  readonly settings: EventLogSettings;
  readonly newClient: NewClient;
  readonly topics: Topics;
  readonly withAdmin: WithAdmin;
}
