import { pathToFileURL } from 'node:url';
import type { EventLogSettings } from '../config/event-log.ts';
import { recordPartitions } from '../records/topics.ts';
import { assembleSpool, type SpoolParts } from './assemble-spool.ts';
import { startThread } from './ship/start-thread.ts';
import type { Spool } from './spool.ts';

export interface SpoolOptions extends Omit<SpoolParts, 'startShipper' | 'write' | 'now'> {
  readonly eventLog: EventLogSettings;
  /**
   * Path of a module that exports `shrink(topic, value)`: a smaller value for one that the log will never take, or
   * undefined. The thread that ships loads it.
   */
  readonly shrinkModule?: string;
}

/**
 * The spool of a gateway: that of one that is gone, or a new one, in a folder that all gateways of the machine may
 * share. Waits neither for the event log nor for the database.
 * @throws SluiceError SPOOL_UNAVAILABLE for a folder that cannot be made or written, or is of another format;
 *   INVALID_INPUT for a topic that is not one of records
 */
export const openSpool = ({ eventLog, shrinkModule, ...parts }: SpoolOptions): Promise<Spool> =>
  assembleSpool({
    ...parts,
    now: Date.now,
    startShipper: ({ topics, sources, report }) =>
      startThread({
        data: {
          eventLog,
          topics,
          common: parts.topics,
          partitions: recordPartitions,
          shrinkModule: shrinkModule === undefined ? undefined : pathToFileURL(shrinkModule).href,
        },
        sources,
        report,
        log: parts.log,
      }),
  });
