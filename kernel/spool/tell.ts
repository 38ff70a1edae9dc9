import { messageOf } from '../errors/message-of.ts';
import type { Log } from '../telemetry/log.ts';
import type { SpoolFolder } from './disk/spool-folder.ts';
import type { Report } from './ship/source.ts';

/** What is told while a spool works, for metrics. */
export interface SpoolObserver {
  shipped(entries: number): void;
  /** The log will never take it; it lies in the folder `rejected`. */
  setAside(topic: string): void;
  /** Whether the event log can be reached. */
  reached(isReached: boolean): void;
}

interface TellOptions {
  readonly log: Log;
  readonly observer?: SpoolObserver;
}

/** Says what a shipper reports. */
export const tellOf = ({ log, observer }: TellOptions, folders: ReadonlyMap<string, SpoolFolder>) => {
  const setAside = ({ id, sequence, topic, reason }: Extract<Report, { kind: 'set-aside' }>): void => {
    log.error(
      { spool: id, sequence, topic, reason },
      'the event log will never take a record; it was set aside',
    );
    observer?.setAside(topic);
    folders
      .get(id)
      ?.markSetAside(sequence)
      .catch((error: unknown) =>
        log.error({ spool: id, sequence, reason: messageOf(error) }, 'cannot be counted anew'),
      );
  };
  return (report: Report): void => {
    if (report.kind === 'shipped') observer?.shipped(report.entries);
    else if (report.kind === 'set-aside') setAside(report);
    else {
      observer?.reached(report.kind === 'back');
      if (report.kind === 'away')
        log.warn({ reason: report.reason }, 'the event log is away; records wait in the spool');
      else log.info('the event log is back; records are shipped again');
    }
  };
};
