import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { urgencyOf } from '@sluice/kernel/oip/priority';
import type { InferTimings } from '@sluice/kernel/oip/statistics';
import type { Release } from '@sluice/kernel/release/release';
import type { ByteCounts } from '../core/admission/byte-counts.ts';
import type { Gates } from '../core/admission/gates.ts';
import { inputBytes } from '../core/admission/input-bytes.ts';
import type { Sample } from '../core/admission/interval.ts';
import type { ModelGate, Waiter } from '../core/admission/model-gate.ts';
import { overloaded, type RefusalReason } from '../core/admission/overloaded.ts';
import type { Answer, TimedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';

export interface AdmissionOptions {
  readonly gates: Gates;
  readonly bytes: ByteCounts;
  readonly now: () => number;
  readonly onRefused: (model: string, reason: RefusalReason) => void;
}

/** What came to nothing after it waited below admission: the time that it was there is a delay too. */
const isDelay: ReadonlySet<string> = new Set(['DEADLINE_EXCEEDED', 'QUEUE_FULL', 'CANCELLED']);

/** What the runtime told of the queue and the batch. A release that asks for a delay to gather a batch has no queue by that. */
const delayOf = (timings: InferTimings, release: Release): Pick<Sample, 'queueMs' | 'computeMs'> => {
  const { queueUs, computeInputUs, computeInferUs, computeOutputUs } = timings;
  return {
    queueMs: Math.max(0, queueUs / 1000 - release.batching.maxDelayMs),
    computeMs: (computeInputUs + computeInferUs + computeOutputUs) / 1000,
  };
};

/** How it was when a call was admitted. */
interface Admitted {
  /** Milliseconds of performance.now(). */
  readonly at: number;
  readonly inFlight: number;
  readonly priority: number;
}

/**
 * Admits as many requests for a model as its runtimes can take without a standing queue, and no more bytes of
 * inputs than there is room for. Further ones wait in their order, or are refused with OVERLOADED. What comes over a
 * stream is never refused: while one of its items waits, or finds the bytes used up, the stream is held.
 *
 * Messages are decoded before this layer sees them: what a connection may send ahead of it is bounded by
 * MAX_MESSAGE_BYTES times the calls at once, and by the flow control of HTTP/2.
 */
export const admission = (options: AdmissionOptions): Layer<TimedCall, Answer, TimedCall, Answer> => {
  const { gates, bytes, now } = options;
  let arrivals = 0;

  const refusal = (call: TimedCall, gate: ModelGate, reason: RefusalReason): SluiceError => {
    gate.refused[reason] += 1;
    options.onRefused(call.model, reason);
    return overloaded(reason, gate.retryAfterMs);
  };

  /** Waits for the call's turn. */
  const turn = (call: TimedCall, gate: ModelGate): Promise<void> =>
    new Promise((resolve, reject) => {
      const { stream, abort } = call.scope;
      const { signal } = abort;
      if (signal.aborted) return reject(fromUnknown(signal.reason));
      const end = (): void => {
        signal.removeEventListener('abort', leave);
        stream?.release('turn');
      };
      const leave = (): void => {
        gate.remove(waiter);
        end();
        reject(fromUnknown(signal.reason));
      };
      arrivals += 1;
      const waiter: Waiter = {
        priority: urgencyOf(call.priority),
        dueAt: call.dueAt,
        sequence: arrivals,
        isStreamed: stream !== undefined,
        admit: () => {
          end();
          resolve();
        },
        refuse: (reason) => {
          end();
          reject(refusal(call, gate, reason));
        },
      };
      const refused = gates.wait(gate, waiter);
      if (refused !== undefined) return reject(refusal(call, gate, refused));
      stream?.hold('turn');
      signal.addEventListener('abort', leave);
    });

  /** Tells the gate what an admitted call met with. */
  const failed = (gate: ModelGate, { at, inFlight, priority }: Admitted, thrown: unknown): void => {
    const code = thrown instanceof SluiceError ? thrown.code : '';
    if (code === 'QUEUE_FULL') gate.observeFull();
    const endedAt = now();
    if (isDelay.has(code))
      gate.observe({ queueMs: endedAt - at, computeMs: undefined, inFlight, priority }, endedAt);
  };
  const answered = (gate: ModelGate, { inFlight, priority }: Admitted, answer: Answer): void => {
    const { timings, release } = answer;
    // What a rule refused proves nothing about the runtimes.
    if (timings !== undefined) gate.observe({ ...delayOf(timings, release), inFlight, priority }, now());
  };

  /** Counts the bytes of the call's input; to be called when they are let go. */
  const takeBytes = (call: TimedCall, gate: ModelGate): (() => void) => {
    const { stream, peer } = call.scope;
    const size = inputBytes(call.input);
    const passed = bytes.passed(peer, size);
    if (passed !== undefined && stream === undefined) throw refusal(call, gate, passed);
    bytes.add(peer, size);
    if (passed !== undefined) stream?.hold('bytes');
    return () => {
      if (passed !== undefined) stream?.release('bytes');
      bytes.remove(peer, size);
    };
  };

  return (next) => async (call) => {
    const gate = gates.of(call.model);
    const letGo = takeBytes(call, gate);
    try {
      if (!gate.tryEnter(now())) await turn(call, gate);
      const admitted = { at: now(), inFlight: gate.inFlight, priority: urgencyOf(call.priority) };
      try {
        const answer = await next(call);
        answered(gate, admitted, answer);
        return answer;
      } catch (thrown) {
        failed(gate, admitted, thrown);
        throw thrown;
      } finally {
        gate.leave(now());
      }
    } finally {
      letGo();
    }
  };
};
