import type { CommandFailure } from '../command-failure.ts';
import type { InputRow } from './input/input.ts';
import { bytesOf, type Slot } from './row.ts';
import { rowQueue } from './row-queue.ts';
import { openScorer, type ScorerOptions } from './scorer.ts';
import { wakeUp } from './wake-up.ts';

export interface ScoreRowsOptions extends Omit<ScorerOptions, 'settled' | 'failed'> {
  readonly batches: AsyncIterable<readonly InputRow[]>;
  /** Rows that are done already. */
  readonly done: number;
  /** @param first the number of the first of these rows */
  readonly ask: (rows: readonly InputRow[], first: number) => readonly Slot[];
  /** Takes rows in the order of the input; what it returns is waited for. */
  readonly write: (slot: Slot) => Promise<void> | undefined;
  readonly stop: AbortSignal;
}

/** Rows that are read and not yet written, and their bytes. */
const maxRows = 4_096;
const maxBytes = 16 * 1024 * 1024;

/**
 * Asks about all rows and hands them on in their order, with a bounded number in memory.
 * @throws CommandFailure of the scorer, errors of reading and writing, and the signal's reason
 */
export const scoreRows = async (options: ScoreRowsOptions): Promise<void> => {
  const { batches, ask, write, stop } = options;
  const rows = rowQueue<Slot>();
  const [room, due] = [wakeUp(), wakeUp()];
  let bytes = 0;
  let isRead = false;
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    room.wake();
    due.wake();
  };
  const check = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  const stopped = (): void => fail(stop.reason);
  using scorer = openScorer({
    ...options,
    settled: (slot) => {
      if (rows.first() === slot) due.wake();
    },
    failed: (error: CommandFailure) => fail(error),
  });
  const read = async (): Promise<void> => {
    let next = options.done + 1;
    for await (const batch of batches) {
      const slots = ask(batch, next);
      next += batch.length;
      for (const slot of slots) {
        bytes += bytesOf(slot);
        rows.push(slot);
      }
      scorer.ask(slots.filter(({ outcome }) => outcome === undefined));
      due.wake();
      while (rows.length() >= maxRows || bytes >= maxBytes) {
        await room.wait();
        check();
      }
      check();
    }
    isRead = true;
    due.wake();
  };
  const writeAll = async (): Promise<void> => {
    for (;;) {
      for (let slot = rows.first(); slot?.outcome !== undefined; slot = rows.first()) {
        rows.shift();
        bytes -= bytesOf(slot);
        const written = write(slot);
        if (written !== undefined) await written;
      }
      room.wake();
      if (isRead && rows.length() === 0) return;
      await due.wait();
      check();
    }
  };
  stop.addEventListener('abort', stopped);
  try {
    stop.throwIfAborted();
    const both = [read(), writeAll()].map((task) =>
      task.catch((error: unknown) => {
        fail(error);
      }),
    );
    await Promise.all(both);
    check();
  } finally {
    stop.removeEventListener('abort', stopped);
  }
};
