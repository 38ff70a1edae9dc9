import { setImmediate as turn } from 'node:timers/promises';
import type { AssignedPartition, Received } from '@sluice/kernel/event-log/event-log';
import { bytesOf, newSlot } from './slot.ts';
import { untilEnd } from './until-end.ts';
import type { Window } from './window.ts';

/** Read in one turn of the event loop: what they bring to the gateway leaves in one frame. */
const eventsATurn = 128;

export interface ReadOptions {
  readonly partition: AssignedPartition;
  /** What lies before it was written already. */
  readonly start: bigint;
  /** Of a replay: what lies from there on is left alone. */
  readonly end: bigint | undefined;
  readonly window: Window;
  readonly submit: (received: Received) => void;
}

type Range = Pick<ReadOptions, 'start' | 'end'>;

const within = (batch: readonly Received[], { start, end }: Range): readonly Received[] =>
  (batch[0]?.offset ?? start) >= start && (end === undefined || (batch.at(-1)?.offset ?? 0n) < end)
    ? batch
    : batch.filter(({ offset }) => offset >= start && (end === undefined || offset < end));

const isLast = (batch: readonly Received[], { end }: Range): boolean =>
  end !== undefined && (batch.at(-1)?.offset ?? -1n) + 1n >= end;

/** The last offsets before the end may be those of no messages: what is committed is the end itself. */
const passOver = ({ partition: { topic, partition }, window }: ReadOptions, end: bigint): void => {
  const received = {
    topic,
    partition,
    offset: end - 1n,
    key: null,
    value: null,
    headers: [],
    timestampMs: Date.now(),
  };
  const slot = newSlot(received, performance.now());
  window.push(slot);
  window.finish(slot, { outcome: undefined });
};

/** Puts a batch into the window as there is room; whether more may come. */
const putAll = async (batch: readonly Received[], { window, submit }: ReadOptions): Promise<boolean> => {
  for (let index = 0; index < batch.length; index += 1) {
    const received = batch[index] as Received;
    const bytes = bytesOf(received);
    if (!window.fits(bytes)) await window.untilFits(bytes);
    if (window.isStopped) return false;
    submit(received);
    if (index % eventsATurn === eventsATurn - 1) await turn();
  }
  return true;
};

/** Asks for the next batch when the one before is in the window, whole. Ends when the window is stopped, or at the end. */
export const readEvents = async (options: ReadOptions): Promise<void> => {
  const { partition, start, end } = options;
  if (end !== undefined && start >= end) return;
  const batches = end === undefined ? partition.batches() : untilEnd(partition, end);
  for await (const batch of batches) {
    if (!(await putAll(within(batch, options), options))) return;
    if (isLast(batch, options)) return;
  }
  if (end !== undefined && !partition.signal.aborted) passOver(options, end);
};
