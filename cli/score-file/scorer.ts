import { isCode, meaningOf } from '@sluice/kernel/errors/codes';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import type { Slot } from './row.ts';
import { rowQueue } from './row-queue.ts';
import type { Answer } from './wire/decode-answer.ts';
import { type GrpcDoor, openStream, type PredictStream, type StreamEnd } from './wire/open-stream.ts';

export interface ScorerOptions {
  readonly door: GrpcDoor;
  readonly streams: number;
  /** How long nothing may be answered, and how long one row is tried, in milliseconds. */
  readonly patienceMs: number;
  /** In front of the row's number in a request id. */
  readonly run: string;
  /** The row has its outcome. */
  readonly settled: (slot: Slot) => void;
  /** Nothing more will be answered. */
  readonly failed: (error: CommandFailure) => void;
}

/** Asks about rows, over several streams, until each has an outcome. */
export interface Scorer extends Disposable {
  readonly ask: (slots: readonly Slot[]) => void;
}

/** Rows that one stream may have been sent and not answered: the gateway has the next ones at hand. */
export const maxInFlight = 512;
/** Rows that leave together. */
const atOnce = 64;
const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** A row whose own deadline or runtime fails so often is not tried for the whole of the patience. */
const maxOwnFailures = 5;

/** gRPC's. */
const status = { resourceExhausted: 8, permissionDenied: 7, unimplemented: 12, unauthenticated: 16 } as const;
const final: readonly number[] = [status.permissionDenied, status.unimplemented, status.unauthenticated];
/** Not the row's fault: every other one would have the same. */
const faultsOfAll = [
  'MODEL_NOT_FOUND',
  'RELEASE_NOT_FOUND',
  'RELEASE_BLOCKED',
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
];

interface Lane {
  stream: PredictStream | undefined;
  isFull: boolean;
  readonly inFlight: Map<number, Slot>;
  /** Since its last answer. */
  losses: number;
  answeredMs: number;
}

const pauseMs = (failures: number): number => Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));

export const openScorer = (options: ScorerOptions): Scorer => {
  const { door, patienceMs, run } = options;
  const waiting = rowQueue<Slot>();
  const timers = new Set<NodeJS.Timeout>();
  let answeredMs = performance.now();
  /** Rows without an outcome. */
  let asked = 0;
  let isOver = false;
  const lanes = Array.from(
    { length: options.streams },
    (): Lane => ({
      stream: undefined,
      isFull: false,
      inFlight: new Map(),
      losses: 0,
      answeredMs,
    }),
  );

  const close = (): void => {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
    for (const { stream } of lanes) stream?.close();
  };
  const fail = (code: string, message: string, exitCode: number): void => {
    if (isOver) return;
    close();
    options.failed(new CommandFailure(message, { code, exitCode }));
  };
  const later = (ms: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };
  const settle = (slot: Slot, outcome: NonNullable<Slot['outcome']>): void => {
    asked -= 1;
    slot.outcome = outcome;
    slot.frame = nothing;
    options.settled(slot);
  };

  const open = (lane: Lane): void => {
    lane.isFull = false;
    lane.stream = openStream(door, {
      answered: (answer) => answered(lane, answer),
      drained: () => {
        lane.isFull = false;
        pump();
      },
      ended: (end) => lost(lane, end),
    });
  };
  /** A stream is opened when there is something to send over it. */
  const send = (lane: Lane): boolean => {
    if (lane.isFull || waiting.length() === 0 || lane.inFlight.size >= maxInFlight) return false;
    if (lane.stream === undefined) {
      if (lane.losses > 0) return false;
      open(lane);
    }
    const frames: Buffer[] = [];
    if (lane.inFlight.size === 0) lane.answeredMs = performance.now();
    while (frames.length < atOnce && lane.inFlight.size < maxInFlight) {
      const slot = waiting.shift();
      if (slot === undefined) break;
      lane.inFlight.set(slot.row, slot);
      frames.push(slot.frame);
    }
    lane.isFull = lane.stream?.send(Buffer.concat(frames)) !== true;
    return true;
  };
  const pump = (): void => {
    if (isOver) return;
    for (let sent = true; sent; ) sent = lanes.map(send).includes(true);
  };

  const rowFailed = (
    slot: Slot,
    { code, message, retryAfterMs }: Extract<Answer, { kind: 'error' }>,
  ): void => {
    const now = performance.now();
    if (faultsOfAll.includes(code)) {
      fail(code, message, exitCodes.failed);
      return;
    }
    slot.failures += 1;
    if (slot.failures === 1) slot.firstFailedMs = now;
    const meaning = isCode(code) ? meaningOf(code) : undefined;
    const isGivenUp =
      meaning?.retryable !== true || (meaning.http === 504 && slot.failures >= maxOwnFailures);
    const isOver = now - slot.firstFailedMs >= patienceMs;
    // Others were answered meanwhile: it is this row.
    if (isGivenUp || (isOver && answeredMs > slot.firstFailedMs))
      settle(slot, { kind: 'error', code, message });
    else if (isOver)
      fail(code, `nothing was answered for ${patienceMs / 1000} s: ${message}`, exitCodes.unreachable);
    else
      later(Math.max(retryAfterMs, pauseMs(slot.failures)), () => {
        waiting.putBack([slot]);
        pump();
      });
  };
  const answered = (lane: Lane, answer: Answer): void => {
    const slot = lane.inFlight.get(Number(answer.requestId.slice(run.length)));
    if (slot === undefined) return;
    lane.inFlight.delete(slot.row);
    lane.losses = 0;
    lane.answeredMs = performance.now();
    if (answer.kind === 'error') rowFailed(slot, answer);
    else {
      answeredMs = lane.answeredMs;
      settle(slot, answer);
    }
    if (lane.inFlight.size <= maxInFlight - atOnce) pump();
  };

  /** One message of those under way was larger than the gateway takes: the largest. */
  const giveUpLargest = (lane: Lane, message: string): void => {
    const [first, ...others] = lane.inFlight.values();
    if (first === undefined) return;
    const largest = others.reduce((a, b) => (b.frame.length > a.frame.length ? b : a), first);
    lane.inFlight.delete(largest.row);
    settle(largest, { kind: 'error', code: 'MESSAGE_TOO_LARGE', message });
  };
  const lost = (lane: Lane, { status: code, message }: StreamEnd): void => {
    if (isOver) return;
    lane.stream = undefined;
    if (code !== undefined && final.includes(code)) {
      fail(
        'UNREACHABLE',
        `${door.address} is no gateway that can be asked: ${message}`,
        exitCodes.unreachable,
      );
      return;
    }
    if (code === status.resourceExhausted) giveUpLargest(lane, message);
    lane.losses += 1;
    waiting.putBack(lane.inFlight.values());
    lane.inFlight.clear();
    if (performance.now() - answeredMs > patienceMs) {
      fail(
        'UNREACHABLE',
        `${door.address} has answered nothing for ${patienceMs / 1000} s (${message})`,
        exitCodes.unreachable,
      );
      return;
    }
    later(pauseMs(lane.losses), () => {
      open(lane);
      pump();
    });
    pump();
  };

  const watch = setInterval(() => {
    const now = performance.now();
    for (const lane of lanes)
      if (lane.stream !== undefined && lane.inFlight.size > 0 && now - lane.answeredMs > patienceMs) {
        lane.stream.close();
        lost(lane, { status: undefined, message: 'no answer came' });
      }
  }, watchMs);
  return {
    ask: (slots) => {
      // Nobody was asked anything: the time without an answer begins now.
      if (asked === 0) answeredMs = performance.now();
      asked += slots.length;
      for (const slot of slots) waiting.push(slot);
      pump();
    },
    [Symbol.dispose]: () => {
      clearInterval(watch);
      close();
    },
  };
};

const watchMs = 1_000;
const nothing = Buffer.alloc(0);
