import { shortened } from '@sluice/kernel/errors/shortened';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { RefusalReason } from '../core/admission/overloaded.ts';

/** From the first refusal to the line that tells of it and of those that follow. */
const everyMs = 1_000;
/** Model and reason; callers may send names that no model has. */
const maxLines = 64;
const maxNameLength = 128;

/** Sums refusals up: one line a second, however many there are. */
export const refusalLog = (log: Log): ((model: string, reason: RefusalReason) => void) => {
  let counts = new Map<string, number>();
  const tell = (): void => {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    log.warn({ total, refused: Object.fromEntries(counts) }, 'overloaded');
    counts = new Map();
  };
  return (model, reason) => {
    if (counts.size === 0) setTimeout(tell, everyMs).unref();
    const what = `${shortened(model, maxNameLength)}: ${reason}`;
    const key = counts.has(what) || counts.size < maxLines ? what : 'others';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
};
