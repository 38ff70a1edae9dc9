import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { LogFormat, LogLine } from './log-format.ts';
import type { Life } from './spawn-process.ts';
import { splitLines } from './split-lines.ts';

/** Under which name the supervisor itself speaks. */
export const SUPERVISOR = 'supervisor';

export type EventLevel = 'info' | 'warn' | 'error';

/** Where the lines of all processes meet. A slow reader slows the processes; nothing is queued. */
export interface LogSink {
  /** Copies what a life of the process `name` writes, until it ends. Never rejects. */
  follow(name: string, life: Life): Promise<void>;
  /** Says something in the supervisor's name. */
  event(level: EventLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface LogSinkOptions {
  readonly out: Writable;
  readonly format: LogFormat;
  /** SLUICE_ENVIRONMENT, in each line of the supervisor. */
  readonly environment: string;
}

/** How long a dead process's output may still be open (a grandchild can hold it) before it is let go. */
const LEFTOVER_MS = 500;

export const createLogSink = ({ out, format, environment }: LogSinkOptions): LogSink => ({
  follow: async (name, life) => {
    const copies = [
      copyLines({ process: name, stream: 'stdout' }, life.stdout, out, format),
      copyLines({ process: name, stream: 'stderr' }, life.stderr, out, format),
    ];
    await life.ended;
    const timer = setTimeout(() => {
      life.stdout.destroy();
      life.stderr.destroy();
    }, LEFTOVER_MS);
    await Promise.all(copies);
    clearTimeout(timer);
  },
  event: (level, message, fields = {}) => {
    const timeMs = Date.now();
    const line = { level, time: new Date(timeMs), process: SUPERVISOR, environment, ...fields, msg: message };
    out.write(format({ process: SUPERVISOR, stream: 'stdout', text: JSON.stringify(line), timeMs }));
  },
});

const copyLines = async (
  origin: Pick<LogLine, 'process' | 'stream'>,
  source: Readable,
  out: Writable,
  format: LogFormat,
): Promise<void> => {
  try {
    for await (const text of splitLines(source)) {
      const hasRoom = out.write(format({ ...origin, text, timeMs: Date.now() }));
      if (!hasRoom && out.writable) await once(out, 'drain');
    }
  } catch {
    // The source was let go, or nobody reads the log any more: the process matters more than its log.
    source.resume();
  }
};
