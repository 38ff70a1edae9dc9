import { rename } from 'node:fs/promises';
import type { Column } from '../../export/column-set.ts';
import type { ExportFormat } from '../../export/export-predictions.ts';
import type { Slot, Value } from '../row.ts';
import { addTallies, type JournalFile, noRows, partIn, type Tally } from './journal.ts';
import { partBuffer, writeSynced } from './part-buffer.ts';

export interface PartWriterOptions {
  readonly folder: string;
  readonly format: ExportFormat;
  readonly columns: readonly Column[];
  readonly journal: JournalFile;
  /** Parts that are there already. */
  readonly parts: number;
  readonly rowOf: (slot: Slot) => readonly Value[];
}

/** Writes rows into parts; one that is told in the journal is on the disk. */
export interface PartWriter {
  /** A promise when a part is full and the one before it is not yet written: nothing may be added until it is. */
  readonly add: (slot: Slot) => Promise<void> | undefined;
  /** Writes what is there. */
  readonly flush: () => Promise<void>;
  readonly tally: () => Tally;
  readonly parts: () => number;
}

/** What is done again after a kill is at most one part that is gathered, and one that is being written. */
const [partRows, partCharacters, partMs] = [20_000, 8 * 1024 * 1024, 30_000];

const one = { prediction: 'predictions', refusal: 'refusals', error: 'errors' } as const;

export const openPartWriter = (options: PartWriterOptions): PartWriter => {
  const { folder, format, columns, journal, rowOf } = options;
  const buffer = partBuffer(format, columns);
  let { parts } = options;
  let before = noRows;
  let counts = { ...noRows };
  let begunMs = 0;
  let writing = Promise.resolve();
  let isWriting = false;
  const writePart = async (bytes: Uint8Array, told: Tally): Promise<void> => {
    const path = partIn(folder, parts + 1);
    await writeSynced(`${path}.new`, bytes);
    await rename(`${path}.new`, path);
    await journal.append({ part: parts + 1, ...told });
    parts += 1;
    isWriting = false;
  };
  /** Writes what is there while more is added; a failure is told to whoever waits for it, or for the next part. */
  const begin = (): undefined => {
    isWriting = true;
    writing = writePart(buffer.take(), counts);
    writing.catch(() => undefined);
    before = addTallies(before, counts);
    counts = { ...noRows };
  };
  return {
    add: (slot) => {
      if (buffer.rows() === 0) begunMs = performance.now();
      buffer.add(rowOf(slot));
      counts.rows += 1;
      counts[one[slot.outcome?.kind ?? 'error']] += 1;
      const isFull = counts.rows >= partRows || buffer.characters() >= partCharacters;
      if (!isFull && performance.now() - begunMs <= partMs) return undefined;
      return isWriting ? writing.then(begin) : begin();
    },
    flush: async () => {
      await writing;
      if (buffer.rows() > 0) begin();
      await writing;
    },
    tally: () => addTallies(before, counts),
    parts: () => parts,
  };
};
