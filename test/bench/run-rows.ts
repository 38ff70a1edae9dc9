import type { Bench } from './bench.ts';
import type { Round, Sample } from './figures.ts';
import type { Row } from './rows/row.ts';

export interface Results {
  readonly rows: readonly Row[];
  /** A row that went wrong in a round is not in it. */
  readonly rounds: readonly Round[];
  /** Rows that are measured once. */
  readonly single: Round;
  readonly failures: readonly string[];
}

export interface RunOptions {
  readonly rows: readonly Row[];
  readonly rounds: number;
  readonly say: (line: string) => void;
}

/** What a process said before it ended may be long. */
const maxReasonLength = 500;
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, maxReasonLength);

/** Prepares every row, goes through them once to warm up, and then round after round; a row that fails is left out. */
export const runRows = async (bench: Bench, { rows, rounds: count, say }: RunOptions): Promise<Results> => {
  const failures: string[] = [];
  const attempt = async <T>(what: string, act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      failures.push(`${what}: ${messageOf(error)}`);
      say(`FAILED ${failures.at(-1)}`);
      return undefined;
    }
  };
  const ready: Row[] = [];
  for (const row of rows) {
    const isReady = await attempt(`${row.name}, the check of its answers`, async () => {
      await row.prepare(bench);
      return true;
    });
    if (isReady === true) ready.push(row);
  }
  const measureAll = async (title: string, some: readonly Row[]): Promise<Round> => {
    const samples = new Map<string, Sample>();
    for (const row of some) {
      say(`${title}: ${row.title}`);
      const sample = await attempt(`${row.name}, ${title}`, () => row.measure(bench));
      if (sample !== undefined) samples.set(row.name, sample);
    }
    return samples;
  };
  const repeated = ready.filter(({ once }) => once !== true);
  await measureAll('warming up', repeated);
  const rounds: Round[] = [];
  while (rounds.length < count)
    rounds.push(await measureAll(`round ${rounds.length + 1} of ${count}`, repeated));
  const single = await measureAll(
    'once',
    ready.filter(({ once }) => once === true),
  );
  return { rows: ready, rounds, single, failures };
};
