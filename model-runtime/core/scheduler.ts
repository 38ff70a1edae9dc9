import { type Arena, createArena } from './arena.ts';
import { createRoundRobin, type Flow, type Readiness } from './surplus-round-robin.ts';

/** A clock with what belongs to it, so that tests can have one of their own. */
export interface Clock {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /**
   * Lets the process read what has come meanwhile. A session computes on the calling thread: what
   * waited in the socket (requests, and cancels of those that wait) must be seen before a batch is taken.
   */
  readonly turn: () => Promise<void>;
  /** Calls back after that time, at the latest when timers can; the answer takes it back. */
  readonly later: (ms: number, callback: () => void) => () => void;
}

export interface SchedulerOptions {
  readonly clock: Clock;
  /** Told what threw where nothing may throw; the others are served all the same. */
  readonly fault: (thrown: unknown) => void;
}

/** One release as its process sees it. */
export interface ScheduledFlow extends Flow {
  /** When its next batch is to be computed at the latest; Infinity: nothing is queued. */
  dueAt(): number;
  /** Computes one batch, if one is due. */
  serve(): Promise<void>;
}

/** What the releases of one process share: its thread, its clock, memory for the inputs of a batch. */
export interface Scheduler extends SchedulerOptions {
  readonly arena: Arena;
  /** The flow has something queued. */
  wake(flow: ScheduledFlow): void;
}

/** The one loop of a process: batch after batch, of the releases in fair turns, never idle while a batch is due. */
export const createScheduler = ({ clock, fault }: SchedulerOptions): Scheduler => {
  const turns = createRoundRobin<ScheduledFlow>();
  let isRunning = false;
  let wakeUp: (() => void) | undefined;
  const sleep = async (): Promise<void> => {
    const dueAt = Math.min(...[...turns].map((flow) => flow.dueAt()));
    const { promise, resolve } = Promise.withResolvers<void>();
    const forget = clock.later(dueAt - clock.now(), resolve);
    wakeUp = resolve;
    await promise;
    wakeUp = undefined;
    forget();
  };
  const serve = async (flow: ScheduledFlow): Promise<void> => {
    const startedAt = clock.now();
    try {
      await flow.serve();
    } catch (thrown) {
      fault(thrown);
    }
    turns.charge(flow, clock.now() - startedAt);
  };
  const readinessOf = (flow: ScheduledFlow): Readiness => {
    const dueAt = flow.dueAt();
    if (dueAt === Number.NEGATIVE_INFINITY) return 'runnable';
    if (dueAt === Number.POSITIVE_INFINITY) return 'empty';
    return dueAt <= clock.now() ? 'runnable' : 'waiting';
  };
  const work = async (): Promise<void> => {
    isRunning = true;
    try {
      while (turns.size > 0) {
        await clock.turn();
        const flow = turns.next(readinessOf);
        if (flow !== undefined) await serve(flow);
        else if (turns.size > 0) await sleep();
      }
    } finally {
      isRunning = false;
    }
  };
  return {
    clock,
    fault,
    arena: createArena(),
    wake(flow) {
      turns.join(flow);
      wakeUp?.();
      if (!isRunning) work().catch(fault);
    },
  };
};
