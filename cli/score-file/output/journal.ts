import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What came of rows. */
export interface Tally {
  readonly rows: number;
  readonly predictions: number;
  readonly refusals: number;
  readonly errors: number;
}

export const noRows: Tally = { rows: 0, predictions: 0, refusals: 0, errors: 0 };

export const addTallies = (a: Tally, b: Tally): Tally => ({
  rows: a.rows + b.rows,
  predictions: a.predictions + b.predictions,
  refusals: a.refusals + b.refusals,
  errors: a.errors + b.errors,
});

const count = z.int().min(0);
const part = z.object({ part: count, rows: count, predictions: count, refusals: count, errors: count });
/** A part that is on the disk. */
export type Part = z.infer<typeof part>;

/** What must be the same for a run to go on. */
const jobSchema = z.object({
  /** In front of the row's number in a request id. */
  run: z.string(),
  input: z.object({ path: z.string(), bytes: z.number(), modifiedMs: z.number(), digest: z.string() }),
  model: z.string(),
  version: z.string(),
  digest: z.string(),
  /** How columns are used, as JSON. */
  columns: z.string(),
});
export type Job = z.infer<typeof jobSchema>;

export interface Journal {
  readonly job: Job;
  readonly parts: readonly Part[];
}

const nameIn = (folder: string): string => join(folder, 'journal.jsonl');
export const partIn = (folder: string, number: number): string =>
  join(folder, `part-${String(number).padStart(6, '0')}`);

const parse = <T>(schema: z.ZodType<T>, line: string): T | undefined => {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/**
 * What an interrupted run has left: its job, and the parts up to the first one that was not told whole; the file ends
 * there from now on. undefined: there is nothing to go on with.
 */
export const readJournal = async (folder: string): Promise<Journal | undefined> => {
  const path = nameIn(folder);
  const bytes = await readFile(path).catch(() => undefined);
  const [first = '', ...lines] = (bytes?.toString() ?? '').split('\n');
  const job = parse(jobSchema, first);
  // The last line has no end: it is no line.
  if (job === undefined || lines.length === 0) return undefined;
  const parts: Part[] = [];
  let length = Buffer.byteLength(first) + 1;
  for (const line of lines.slice(0, -1)) {
    const told = parse(part, line);
    if (told?.part !== parts.length + 1) break;
    parts.push(told);
    length += Buffer.byteLength(line) + 1;
  }
  await truncate(path, length);
  return { job, parts };
};

export interface JournalFile extends AsyncDisposable {
  /** It is on the disk when it resolves. */
  readonly append: (entry: Job | Part) => Promise<void>;
}

export const openJournal = async (folder: string): Promise<JournalFile> => {
  const file: FileHandle = await open(nameIn(folder), 'a');
  return {
    append: async (entry) => {
      await file.appendFile(`${JSON.stringify(entry)}\n`);
      await file.datasync();
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
};
