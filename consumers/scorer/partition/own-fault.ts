import type { Slot } from './slot.ts';
import type { Window } from './window.ts';

/**
 * Whether an attempt that nobody answered counts against its event: of what was read later, more was finished since its
 * last attempt than was not. Where nothing gets on it is the model that stands still. What has such an attempt against
 * itself says nothing of others; where only that is left, it is enough that something was finished at all.
 *
 * A full window takes one event more at each attempt of the last one that is not finished, so that there is something to
 * tell the two apart.
 */
export const isOwnFault = (slot: Slot, window: Window): boolean => {
  const later = window.after(slot);
  const unfinished = later.filter(({ result }) => result === undefined);
  const passed = later.filter(({ finishedAs }) => finishedAs > slot.finishedBefore).length;
  const stuck = unfinished.filter(({ failures }) => failures === 0).length;
  slot.finishedBefore = window.finishedCount;
  if (later.length > 0 && unfinished.length === 0) window.takeOneMore();
  return stuck === 0 ? later.length > unfinished.length : passed > stuck;
};
