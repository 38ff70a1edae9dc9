import type { Slot } from './row.ts';
import type { RowQueue } from './row-queue.ts';
import type { Answer, DecodeAnswer } from './wire/decode-answer.ts';
import { type GrpcDoor, openStream, type PredictStream, type StreamEnd } from './wire/open-stream.ts';
import type { TakeMessage } from './wire/split-frames.ts';

export interface LaneOptions {
  readonly door: GrpcDoor;
  readonly decode: DecodeAnswer;
  readonly waiting: RowQueue<Slot>;
  readonly answered: (slot: Slot, answer: Answer) => void;
  /** The rows were sent, and nobody will answer them. */
  readonly lost: (end: StreamEnd, unanswered: readonly Slot[]) => void;
  /** There is room for more rows again. */
  readonly ready: () => void;
}

/** A stream to the gateway that is opened when there are rows, and again when it was lost. */
export interface Lane extends Disposable {
  /** Sends some of the rows that wait; false: there is no room, or there are none. */
  readonly send: () => boolean;
}

/** Rows that one stream may have been sent and not answered: the gateway has the next ones at hand. */
const maxInFlight = 1_024;
/** Rows that leave together. */
const rowsAtOnce = 64;
/** Beyond the deadline of any request. */
const [silenceMs, lookMs] = [120_000, 5_000];
const [firstPauseMs, longestPauseMs] = [100, 5_000];

/** Before the next try, after so many that failed. */
export const pauseMs = (failures: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));

/** Their questions one behind the other; those that stand so already are not copied. */
const questionsOf = (slots: readonly Slot[]): Buffer => {
  const runs: { readonly questions: Buffer; readonly start: number; end: number }[] = [];
  for (const { questions, start, end } of slots) {
    const last = runs.at(-1);
    if (last?.questions === questions && last.end === start) last.end = end;
    else runs.push({ questions, start, end });
  }
  const pieces = runs.map(({ questions, start, end }) => questions.subarray(start, end));
  const [first] = pieces;
  return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
};

const silent: StreamEnd = { status: undefined, message: `nothing came for ${silenceMs / 1000} s` };

export const openLane = (options: LaneOptions): Lane => {
  const { door, decode, waiting, answered, ready } = options;
  const inFlight = new Map<number, Slot>();
  let stream: PredictStream | undefined;
  let isFull = false;
  let pause: NodeJS.Timeout | undefined;
  /** Since the last answer. */
  let losses = 0;
  let heardMs = 0;
  /** Something came since the last look. */
  let isHeard = false;

  const lost = (end: StreamEnd): void => {
    stream = undefined;
    losses += 1;
    const unanswered = [...inFlight.values()];
    inFlight.clear();
    pause = setTimeout(() => {
      pause = undefined;
      ready();
    }, pauseMs(losses));
    options.lost(end, unanswered);
  };
  const take: TakeMessage = (bytes, start, end) => {
    const answer = decode(bytes, start, end);
    const slot = inFlight.get(answer.row);
    if (slot === undefined) return;
    inFlight.delete(slot.row);
    losses = 0;
    isHeard = true;
    answered(slot, answer);
    if (inFlight.size <= maxInFlight - rowsAtOnce) ready();
  };
  const drained = (): void => {
    isFull = false;
    ready();
  };
  const nextRows = (): Slot[] => {
    const slots: Slot[] = [];
    while (slots.length < rowsAtOnce && inFlight.size < maxInFlight) {
      const slot = waiting.shift();
      if (slot === undefined) break;
      inFlight.set(slot.row, slot);
      slots.push(slot);
    }
    return slots;
  };
  const look = setInterval(() => {
    if (isHeard || inFlight.size === 0) heardMs = performance.now();
    isHeard = false;
    if (performance.now() - heardMs < silenceMs) return;
    stream?.close();
    lost(silent);
  }, lookMs);

  return {
    send: () => {
      if (pause !== undefined || waiting.length() === 0) return false;
      if (stream === undefined) {
        isFull = false;
        stream = openStream(door, { answered: take, drained, ended: lost });
      }
      if (inFlight.size === 0) isHeard = true;
      if (isFull || inFlight.size >= maxInFlight) return false;
      isFull = !stream.send(questionsOf(nextRows()));
      return true;
    },
    [Symbol.dispose]: () => {
      clearInterval(look);
      clearTimeout(pause);
      stream?.close();
    },
  };
};
