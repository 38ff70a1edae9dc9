import { parseArgs } from 'node:util';

export interface BenchArguments {
  /** Names of rows and sections; none: all. */
  readonly names: readonly string[];
  readonly rounds: number;
  /** Of one measurement. */
  readonly seconds: number;
  readonly memoryRequests: number;
  /** Put the report into docs/benchmarks.md. */
  readonly write: boolean;
  /** Where the samples go as JSON. */
  readonly json: string | undefined;
  readonly list: boolean;
  readonly help: boolean;
}

export const usage = `npm run bench -- [options] [ROW|SECTION ...]   measures; no names: everything

  --rounds N            rounds through all rows (5)
  --seconds S           length of one measurement (3)
  --memory-requests N   requests of the row that looks at memory (1000000)
  --write               put the report into docs/benchmarks.md
  --json FILE           write every sample to a file
  --list                name the rows and sections
  --help                this text`;

const options = {
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '3' },
  'memory-requests': { type: 'string', default: '1000000' },
  write: { type: 'boolean', default: false },
  json: { type: 'string' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const above0 = (name: string, text: string): number => {
  const value = Number(text);
  if (text !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name}: expected a number above 0, got '${text}'`);
};

const whole = (name: string, text: string): number => {
  if (/^\d+$/.test(text)) return above0(name, text);
  throw new Error(`--${name}: expected a whole number, got '${text}'`);
};

/** @throws Error that says which option is wrong. */
export const readArguments = (args: readonly string[]): BenchArguments => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const { rounds, seconds, 'memory-requests': memoryRequests, json, ...flags } = values;
  return {
    ...flags,
    json,
    names: positionals,
    rounds: whole('rounds', rounds),
    seconds: above0('seconds', seconds),
    memoryRequests: whole('memory-requests', memoryRequests),
  };
};
