import { ModelGate, type Waiter } from '../core/admission/model-gate.ts';
import { createAgenda } from './agenda.ts';

/** A work-conserving batcher behind a gate, asked in closed loops, on a clock of its own. */

export interface SimulatedModel {
  /** Requests that are computed together, at most. */
  readonly maxBatch: number;
  /** Time of a batch of so many, begun at that time, in milliseconds. */
  readonly batchMs: (size: number, now: number) => number;
}

export interface SimulationOptions {
  readonly model: SimulatedModel;
  /** Requests that are always under way, so many of each priority. */
  readonly clients: Readonly<Record<number, number>>;
  readonly ms: number;
  readonly targetMs?: number;
  readonly max?: number;
}

export interface Simulation {
  /** The limit at the end of each tenth of a second. */
  readonly limits: readonly number[];
  /** Answers in the second half, per second. */
  readonly perSecond: number;
  /** Longest time in the server's queue in the second half, in milliseconds. */
  readonly longestQueueMs: number;
  /** Answers in all, by priority. */
  readonly answered: Readonly<Record<number, number>>;
}

interface Job {
  readonly priority: number;
  readonly enqueuedAt: number;
  readonly inFlight: number;
}

/** From an answer to the next question of the same client. */
const betweenMs = 0.2;
const sampleMs = 100;

export const simulate = (options: SimulationOptions): Simulation => {
  const { model, clients, ms, targetMs = 5, max = 1_024 } = options;
  const gate = new ModelGate({ targetMs, max }, { refusable: 0 });
  const agenda = createAgenda();
  const queue: Job[] = [];
  const answered: Record<number, number> = {};
  const limits: number[] = [];
  let [now, sequence, counted, longestQueueMs, isBusy] = [0, 0, 0, 0, false];

  const answer = (job: Job, startedAt: number): void => {
    const queueMs = startedAt - job.enqueuedAt;
    answered[job.priority] = (answered[job.priority] ?? 0) + 1;
    if (now > ms / 2) {
      counted += 1;
      longestQueueMs = Math.max(longestQueueMs, queueMs);
    }
    gate.observe({ ...job, queueMs, computeMs: now - startedAt }, now);
    gate.leave(now);
    agenda.add(now + betweenMs, () => ask(job.priority));
  };
  const work = (): void => {
    if (isBusy || queue.length === 0) return;
    isBusy = true;
    const startedAt = now;
    const batch = queue.sort((a, b) => a.priority - b.priority).splice(0, model.maxBatch);
    agenda.add(now + model.batchMs(batch.length, now), () => {
      isBusy = false;
      for (const job of batch) answer(job, startedAt);
      work();
    });
  };
  const submit = (priority: number): void => {
    queue.push({ priority, enqueuedAt: now, inFlight: gate.inFlight });
    work();
  };
  const ask = (priority: number): void => {
    if (gate.tryEnter(now)) {
      submit(priority);
      return;
    }
    sequence += 1;
    const waiter: Waiter = {
      priority,
      dueAt: Number.POSITIVE_INFINITY,
      sequence,
      isStreamed: false,
      admit: () => submit(priority),
      refuse: () => undefined,
    };
    gate.add(waiter);
  };
  const sample = (): void => {
    limits.push(gate.limit);
    agenda.add(now + sampleMs, sample);
  };

  for (const [priority, count] of Object.entries(clients))
    for (let client = 0; client < count; client += 1) agenda.add(0, () => ask(Number(priority)));
  agenda.add(sampleMs, sample);
  for (let event = agenda.next(); event !== undefined && event.at < ms; event = agenda.next()) {
    now = event.at;
    event.act();
  }
  return { limits, perSecond: (counted * 2_000) / ms, longestQueueMs, answered };
};
