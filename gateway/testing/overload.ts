import { Gates } from '../core/admission/gates.ts';
import type { Waiter } from '../core/admission/model-gate.ts';
import { createAgenda } from './agenda.ts';

/** A model without a batch axis behind a gate, asked in an open loop, on a clock of its own. */

export interface OverloadOptions {
  /** From one request to the next, in milliseconds. */
  readonly everyMs: number;
  readonly computeMs: number;
  /** Of each request, from its arrival. */
  readonly deadlineMs: number;
  readonly ms: number;
}

/** Shares of what was offered in the second half. */
export interface Overload {
  readonly answered: number;
  /** At once. */
  readonly refused: number;
  /** Made to wait, and then refused or let expire. */
  readonly disappointed: number;
}

export const overload = ({ everyMs, computeMs, deadlineMs, ms }: OverloadOptions): Overload => {
  const agenda = createAgenda();
  let [now, sequence, isBusy] = [0, 0, false];
  const counts = { answered: 0, refused: 0, disappointed: 0 };
  const gates = new Gates({
    limit: { targetMs: 5, max: 1_024 },
    maxWaiting: 4_096,
    maxWaitingTotal: 16_384,
    models: () => new Map([['model', 1]]),
    now: () => now,
  });
  const gate = gates.of('model');
  const queue: { readonly dueAt: number; readonly enqueuedAt: number; readonly inFlight: number }[] = [];
  const count = (fate: keyof typeof counts, dueAt: number): void => {
    if (dueAt - deadlineMs > ms / 2) counts[fate] += 1;
  };

  /** The runtime computes nothing that comes too late. */
  const work = (): void => {
    if (isBusy) return;
    const job = queue.shift();
    if (job === undefined) return;
    const queueMs = now - job.enqueuedAt;
    if (now + computeMs > job.dueAt) {
      count('disappointed', job.dueAt);
      gate.observe({ ...job, queueMs, computeMs: undefined, priority: 100 }, now);
      gate.leave(now);
      work();
      return;
    }
    isBusy = true;
    agenda.add(now + computeMs, () => {
      isBusy = false;
      count('answered', job.dueAt);
      gate.observe({ ...job, queueMs, computeMs, priority: 100 }, now);
      gate.leave(now);
      work();
    });
  };
  const submit = (dueAt: number): void => {
    queue.push({ dueAt, enqueuedAt: now, inFlight: gate.inFlight });
    work();
  };
  const ask = (): void => {
    agenda.add(now + everyMs, ask);
    const dueAt = now + deadlineMs;
    if (gate.tryEnter(now)) {
      submit(dueAt);
      return;
    }
    sequence += 1;
    const waiter: Waiter = {
      priority: 100,
      dueAt,
      sequence,
      isStreamed: false,
      admit: () => submit(dueAt),
      refuse: () => count('disappointed', dueAt),
    };
    const expire = (): void => {
      if (gate.remove(waiter)) count('disappointed', dueAt);
    };
    if (gates.wait(gate, waiter) === undefined) agenda.add(dueAt, expire);
    else count('refused', dueAt);
  };

  agenda.add(0, ask);
  for (let event = agenda.next(); event !== undefined && event.at < ms; event = agenda.next()) {
    now = event.at;
    event.act();
  }
  const offered = counts.answered + counts.refused + counts.disappointed;
  return {
    answered: counts.answered / offered,
    refused: counts.refused / offered,
    disappointed: counts.disappointed / offered,
  };
};
