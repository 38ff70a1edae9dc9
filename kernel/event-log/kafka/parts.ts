import type { EventLogSettings } from '../../config/event-log.ts';
import type { NewClient } from './client.ts';
import type { Topics, WithAdmin } from './topics.ts';

/** What an open log consists of. */
export interface Parts {
  readonly settings: EventLogSettings;
  readonly newClient: NewClient;
  /** How long a send is tried again while the brokers are away. */
  readonly sendMs: number;
  readonly topics: Topics;
  readonly withAdmin: WithAdmin;
}
