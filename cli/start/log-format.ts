import type { prettyFactory } from 'pino-pretty';

/** A log line of a process, before it is written. */
export interface LogLine {
  readonly process: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  /** When it was read, in milliseconds since 1970; used where the line is not JSON with a time of its own. */
  readonly timeMs: number;
}

/** Turns a line into what is written, line end included. */
export type LogFormat = (line: LogLine) => string;

/** JSON, one line an event: a JSON line gets the field `process` if it lacks it, any other line is wrapped. */
export const formatJson: LogFormat = (line) => {
  const fields = parseObject(line.text);
  if (fields === undefined) return `${JSON.stringify(wrap(line))}\n`;
  return Object.hasOwn(fields, 'process')
    ? `${line.text}\n`
    : `${JSON.stringify({ process: line.process, ...fields })}\n`;
};

const PREFIX_COLOURS = [36, 35, 33, 32, 34];

/** For a terminal: each printed line starts with the process's name, padded and in a colour of its own. */
export const createPrettyFormat = (
  factory: typeof prettyFactory,
  names: readonly string[],
  colour: boolean,
): LogFormat => {
  const pretty = factory({
    colorize: colour,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname,process,environment,addresses',
  });
  const width = Math.max(...names.map((name) => name.length));
  return (line) => {
    const index = Math.max(0, names.indexOf(line.process));
    const name = `${line.process.padEnd(width)} |`;
    const prefix = colour
      ? `\u001b[${PREFIX_COLOURS[index % PREFIX_COLOURS.length]}m${name}\u001b[0m `
      : `${name} `;
    const printed = parseObject(line.text) !== undefined ? pretty(line.text) : `${line.text}\n`;
    return printed
      .trimEnd()
      .split('\n')
      .map((part) => `${prefix}${part}\n`)
      .join('');
  };
};

const wrap = (line: LogLine) => ({
  level: line.stream === 'stderr' ? 'warn' : 'info',
  time: new Date(line.timeMs).toISOString(),
  process: line.process,
  stream: line.stream,
  msg: line.text,
});

const parseObject = (text: string): object | undefined => {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
};
