import { isCode, meaningOf } from '@sluice/kernel/errors/codes';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import { openLane, pauseMs } from './lane.ts';
import { bytesOf, type Outcome, type Slot } from './row.ts';
import { rowQueue } from './row-queue.ts';
import { type Answer, answerDecoder } from './wire/decode-answer.ts';
import type { GrpcDoor, StreamEnd } from './wire/open-stream.ts';

export interface ScorerOptions {
  readonly door: GrpcDoor;
  readonly streams: number;
  /** How long nothing may be answered, and how long one row is tried. */
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

type RowError = Extract<Answer, { kind: 'error' }>;

/** A row that takes too long by itself is not tried for the whole of the patience. */
const maxTooLate = 5;
const gatewayTimeout = 504;
/** gRPC's. */
const status = { permissionDenied: 7, resourceExhausted: 8, unimplemented: 12, unauthenticated: 16 } as const;
const finalStatuses: readonly (number | undefined)[] = [
  status.permissionDenied,
  status.unimplemented,
  status.unauthenticated,
];
/** Not the row's fault: every other one would have the same. */
const faultsOfAll: readonly string[] = [
  'MODEL_NOT_FOUND',
  'RELEASE_NOT_FOUND',
  'RELEASE_BLOCKED',
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
];
const nothing = Buffer.alloc(0);

const largestOf = (slots: readonly Slot[]): Slot | undefined =>
  slots.reduce<Slot | undefined>((a, b) => (a === undefined || bytesOf(b) > bytesOf(a) ? b : a), undefined);

export const openScorer = (options: ScorerOptions): Scorer => {
  const { door, patienceMs } = options;
  const decode = answerDecoder(options.run);
  const waiting = rowQueue<Slot>();
  const timers = new Set<NodeJS.Timeout>();
  /** Rows without an outcome. */
  let asked = 0;
  /** When a row was answered last. */
  let answeredMs = 0;
  let isOver = false;

  const close = (): void => {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
    for (const lane of lanes) lane[Symbol.dispose]();
  };
  const fail = (code: string, message: string, exitCode: number): void => {
    if (isOver) return;
    close();
    options.failed(new CommandFailure(message, { code, exitCode }));
  };
  const settle = (slot: Slot, outcome: Outcome): void => {
    asked -= 1;
    slot.outcome = outcome;
    slot.questions = nothing;
    options.settled(slot);
  };
  const pump = (): void => {
    for (let sent = !isOver; sent; ) sent = lanes.map((lane) => lane.send()).includes(true);
  };
  const askLater = (slot: Slot, ms: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      waiting.putBack([slot]);
      pump();
    }, ms);
    timers.add(timer);
  };

  const rowFailed = (slot: Slot, { code, message, retryAfterMs }: RowError): void => {
    const now = performance.now();
    slot.failures += 1;
    if (slot.failures === 1) slot.firstFailedMs = now;
    const meaning = isCode(code) ? meaningOf(code) : undefined;
    const isTooLate = meaning?.http === gatewayTimeout && slot.failures >= maxTooLate;
    const isLong = now - slot.firstFailedMs >= patienceMs;
    // Others were answered meanwhile: it is this row.
    const isOwn = isLong && answeredMs > slot.firstFailedMs;
    if (meaning?.retryable !== true || isTooLate || isOwn) settle(slot, { kind: 'error', code, message });
    else if (isLong)
      fail(code, `no row was answered for ${patienceMs / 1000} s: ${message}`, exitCodes.failed);
    else askLater(slot, Math.max(retryAfterMs, pauseMs(slot.failures)));
  };
  const answered = (slot: Slot, answer: Answer): void => {
    if (answer.kind !== 'error') {
      answeredMs = performance.now();
      settle(slot, answer);
    } else if (faultsOfAll.includes(answer.code)) fail(answer.code, answer.message, exitCodes.failed);
    else rowFailed(slot, answer);
  };
  const lost = ({ status: code, message }: StreamEnd, unanswered: readonly Slot[]): void => {
    const { address } = door;
    if (finalStatuses.includes(code))
      fail(
        'UNREACHABLE',
        `${address} does not take streams of predictions: ${message}`,
        exitCodes.unreachable,
      );
    // One message was larger than the gateway takes.
    const tooLarge = code === status.resourceExhausted ? largestOf(unanswered) : undefined;
    if (tooLarge !== undefined) settle(tooLarge, { kind: 'error', code: 'MESSAGE_TOO_LARGE', message });
    else if (performance.now() - answeredMs >= patienceMs)
      fail(
        'UNREACHABLE',
        `${address} answered nothing for ${patienceMs / 1000} s (${message})`,
        exitCodes.unreachable,
      );
    waiting.putBack(unanswered.filter((slot) => slot !== tooLarge));
    pump();
  };
  const lanes = Array.from({ length: options.streams }, () =>
    openLane({ door, decode, waiting, answered, lost, ready: pump }),
  );
  return {
    ask: (slots) => {
      // Nobody was asked anything: the time without an answer begins now.
      if (asked === 0) answeredMs = performance.now();
      asked += slots.length;
      for (const slot of slots) waiting.push(slot);
      pump();
    },
    [Symbol.dispose]: close,
  };
};
