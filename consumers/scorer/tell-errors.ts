import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Log } from '@sluice/kernel/telemetry/log';

/** Between two lines of the log about the same code. */
const tellEveryMs = 60_000;

/** One line in a while for each code, with how many there were since. */
export const errorTeller = (log: Log, stream: string): ((error: SluiceError) => void) => {
  const codes = new Map<string, { toldAt: number; since: number }>();
  return (error) => {
    const told = codes.get(error.code) ?? { toldAt: Number.NEGATIVE_INFINITY, since: 0 };
    codes.set(error.code, told);
    told.since += 1;
    if (performance.now() - told.toldAt < tellEveryMs) return;
    const { code, message, cause, meaning } = error;
    const level = meaning.logLevel === 'debug' ? 'info' : meaning.logLevel;
    log[level]({ stream, code, times: told.since, err: cause ?? error }, `stream ${stream}: ${message}`);
    told.toldAt = performance.now();
    told.since = 0;
  };
};
