import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

export interface LogOptions {
  /** The process's name, in every line. */
  readonly process: string;
  readonly environment: string;
  readonly level: string;
  readonly destination?: DestinationStream;
}

/** JSON, one line an event, on standard output; secrets are redacted. */
export const createLog = ({ process: name, environment, level, destination }: LogOptions): Log => {
  const options = {
    level,
    base: { process: name, environment },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: ['*.authorization', '*.password', '*.token', '*.secret'],
  };
  // Written at once: pino's buffered destination never ends when its pipe is broken (pinojs/sonic-boom).
  return pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
};
