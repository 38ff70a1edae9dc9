import { setImmediate as turn } from 'node:timers/promises';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Message } from '@sluice/kernel/event-log/event-log';
import type { Group, Outlet } from '../delivery/outlet.ts';
import { keepTrying } from '../keep-trying.ts';
import type { RetryWaits } from '../retry.ts';
import type { PartitionStatus } from '../status/partition-status.ts';
import type { Result, Slot } from './slot.ts';
import type { Window, WrittenGroup } from './window.ts';

/** Of one write. */
const groupLimits = { maxMessages: 2_000, maxBytes: 8 * 1024 ** 2 };
/** Of a window: the next events are scored while a group is written. */
const groupShare = 0.5;

export interface WriteOptions {
  readonly outlet: Outlet;
  readonly window: Window;
  readonly status: PartitionStatus;
  readonly signal: AbortSignal;
  readonly waits: RetryWaits;
  readonly letterOf: (slot: Slot, error: SluiceError) => Message;
  /** Told of an event whose scored event the log does not take. */
  readonly onRefused: (slot: Slot, error: SluiceError) => void;
  /** @throws SluiceError naming a topic that is not there */
  readonly checkTopics: () => Promise<void>;
  /** Around the write of a group. */
  readonly traceWrite: (slots: readonly Slot[], write: () => Promise<void>) => Promise<void>;
}

const groupOf = (slots: readonly Slot[]): Group => ({
  slots,
  next: (slots.at(-1)?.received.offset ?? -1n) + 1n,
});

const writtenOf = (slots: readonly Slot[], startedAt: number): WrittenGroup => ({
  next: groupOf(slots).next,
  timestampMs: slots.at(-1)?.received.timestampMs ?? 0,
  startedAt,
  events: slots.map(({ result, readAt }) => ({ outcome: result?.outcome, readAt })),
});

/**
 * What is written instead of what the log does not take: the event as a dead letter; where that is too large, too,
 * without the record, and then nothing: the event is only in its own topic.
 */
const lesser = (slot: Slot, error: SluiceError, letterOf: WriteOptions['letterOf']): Result | undefined => {
  const { scored, record, letter } = slot.result ?? {};
  if (scored !== undefined) return { outcome: 'dead-lettered', letter: letterOf(slot, error), record };
  if (record !== undefined) return { outcome: 'dead-lettered', letter };
  return letter === undefined ? undefined : { outcome: 'dead-lettered' };
};

/** Writes finished events, group after group, until the window is closed. @throws SluiceError FENCED */
export const writeGroups = async (options: WriteOptions): Promise<void> => {
  const { outlet, window, status, signal, waits, letterOf, onRefused, checkTopics, traceWrite } = options;

  /** @throws SluiceError INVALID_INPUT for what the log does not take, with all topics there */
  const write = (group: Group): Promise<void> =>
    keepTrying(() => outlet.write(group), {
      signal,
      waits,
      onError: async (error) => {
        if (error.code === 'FENCED') throw error;
        if (error.code !== 'INVALID_INPUT') return status.waitsFor(error);
        // Anything but a topic that is missing says nothing against the message.
        const missing = await checkTopics().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (missing === undefined) throw error;
        if (missing instanceof SluiceError) status.waitsFor(missing);
      },
    });

  const writeParts = async (slots: readonly Slot[]): Promise<void> => {
    try {
      await write(groupOf(slots));
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'INVALID_INPUT') throw error;
      const [first] = slots;
      if (first !== undefined && slots.length === 1) return writeLesser(first, error);
      const half = Math.ceil(slots.length / 2);
      await writeParts(slots.slice(0, half));
      await writeParts(slots.slice(half));
    }
  };

  const writeLesser = async (slot: Slot, error: SluiceError): Promise<void> => {
    const result = lesser(slot, error, letterOf);
    if (result === undefined) throw error;
    slot.result = result;
    onRefused(slot, error);
    await writeParts([slot]);
  };

  const { maxMessages, maxBytes } = groupLimits;
  const share = Math.ceil(window.limits.maxEvents * groupShare);
  const limits = { maxMessages: Math.min(maxMessages, share), maxBytes };
  for (;;) {
    await window.until(() => window.oldest?.result !== undefined);
    // What else comes in this turn of the event loop goes along.
    await turn();
    if (window.isClosed) return;
    const slots = window.finished(limits);
    const startedAt = performance.now();
    await traceWrite(slots, () => writeParts(slots));
    if (window.isClosed) return;
    window.wrote(writtenOf(slots, startedAt));
  }
};
