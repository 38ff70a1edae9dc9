import { messageOf } from '@sluice/kernel/errors/message-of';
import type { Log } from '@sluice/kernel/telemetry/log';

/** A look at the store that does not fail: what was read stays in force. A trouble that lasts is reported once. */
export const tellingTrouble = (log: Log, look: () => Promise<void>): (() => Promise<void>) => {
  let reported = '';
  return async () => {
    try {
      await look();
      if (reported !== '') log.info('the store can be read again');
      reported = '';
    } catch (error) {
      const trouble = messageOf(error);
      if (trouble !== reported) log.error({ err: error }, `cannot read the store: ${trouble}`);
      reported = trouble;
    }
  };
};
