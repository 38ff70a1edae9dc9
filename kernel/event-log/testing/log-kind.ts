import type { TestContext } from 'node:test';
import type { EventLog } from '../event-log.ts';

/** A log of one kind; everything that was opened goes with the test. */
export interface OpenedLog {
  readonly log: EventLog;
  /** Opens it once more, as another process would. */
  again(): Promise<EventLog>;
}

/** A kind of event log that the contract's cases run on. */
export interface LogKind {
  readonly name: string;
  /** Why not; false: it runs. */
  readonly skip: string | false;
  /** Topics and groups of other tests may be there. */
  open(t: TestContext): Promise<OpenedLog>;
}
