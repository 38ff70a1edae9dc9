import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Events a second. */
  readonly rate: number;
  readonly events: number;
  readonly delivery: 'at-least-once' | 'exactly-once';
}

const usage = `npm run demo:stream -- [--rate 1000] [--events 20000] [--delivery at-least-once|exactly-once]

Starts Sluice with a home of its own, publishes customers as events, scores them, and says what became of them.
EVENT_LOG_URL=kafka://host:port makes it use that Kafka in place of the embedded log.
`;

const whole = (name: string, text: string, most: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`--${name}: expected a whole number from 1 to ${most}, got '${text}'`);
  return value;
};

const maxRate = 100_000;
const maxEvents = 10_000_000;

/** Reads the command line; undefined: help was asked for, and given. @throws Error that names the option */
export const readOptions = (args: readonly string[]): DemoOptions | undefined => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: '1000' },
      events: { type: 'string', default: '20000' },
      delivery: { type: 'string', default: 'at-least-once' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return undefined;
  }
  const { delivery } = values;
  if (delivery !== 'at-least-once' && delivery !== 'exactly-once')
    throw new Error(`--delivery: expected at-least-once or exactly-once, got '${delivery}'`);
  return {
    rate: whole('rate', values.rate, maxRate),
    events: whole('events', values.events, maxEvents),
    delivery,
  };
};
