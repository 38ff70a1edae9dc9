import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';

/** One line of the tables. */
export interface Row {
  /** For the command line and the goals. */
  readonly name: string;
  readonly title: string;
  readonly section: Section;
  /** Programs that must be there. */
  readonly needs: readonly Need[];
  /** What its rows/s are compared with. */
  readonly against?: Comparison;
  /** Measured once after all rounds, because it takes long. */
  readonly once?: boolean;
  /** Starts what it needs, and asks with a real client. @throws Error where an answer is wrong */
  readonly prepare: (bench: Bench) => Promise<void>;
  readonly measure: (bench: Bench) => Promise<Sample>;
}

/** Other rows; of several the best one. */
export interface Comparison {
  readonly label: string;
  readonly rows: readonly string[];
}

export type Need = 'h2load' | 'python';

/** The tables, in their order. */
export const sections = {
  unary: 'One row a request',
  rows: 'More rows, and streams',
  doors: 'Other doors',
  tensors: 'Large tensors',
  tracing: 'Tracing',
  records: 'Records',
  recorder: 'From the topic to the database',
  visible: 'From the reply to the row',
  streams: 'Streams',
  'stream-latency': 'From the event to the scored event',
  many: 'Many models, many connections, two gateways',
  slow: 'A slow model beside a fast one (500 requests/s to the fast one)',
  overload: 'Overload',
  swap: 'The default moves (64 in flight, two releases)',
  memory: 'Memory',
  publish: 'Publishing',
  start: 'npm start to ready',
  loading: 'Releases that are loaded on demand, and many of them',
} as const;

export type Section = keyof typeof sections;
