import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { frameWriter } from '@sluice/kernel/link/frame-writer';
import type { GatewayStream } from '@sluice/kernel/rpc/gateway-stream';
import type { Announcement__Output } from '@sluice/protos/gen/sluice/gateway/v1/Announcement';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeResponse';
import type { ScoreAnswer__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { Scored } from '../gateway-link.ts';
import { type AnswerReader, answerReader } from './answers.ts';
import { frameBuilder, type Item, sizeOf } from './frame-builder.ts';
import type { Task } from './task.ts';
import { UnderWay } from './under-way.ts';

export interface LinkStreamOptions {
  readonly stream: GatewayStream;
  /** Largest frame that is written, as it was announced. */
  readonly maxFrameBytes: () => number;
  readonly onAnnouncement: (announcement: Announcement__Output) => void;
  /** Something was answered. */
  readonly onRoom: () => void;
  readonly onEnd: (reason: string) => void;
}

/** One Exchange with a gateway, from its opening to its end, and the events that are under way on it. */
export class LinkStream {
  readonly #options: LinkStreamOptions;
  readonly #underWay = new UnderWay();
  readonly #answers: AnswerReader = answerReader();
  readonly #write: (item: Item) => void;
  /** When it was last heard, or began to owe an answer; performance.now(). */
  #heardAt = performance.now();
  /** A deadline has passed, and it has said nothing since. */
  #hasMissed = false;
  /** Our side has ended. */
  #isFinished = false;
  #isOver = false;

  constructor(options: LinkStreamOptions) {
    this.#options = options;
    const { call } = options.stream;
    const build = frameBuilder({
      isWanted: (task) => this.#underWay.has(task),
      onUnwritable: (task, error) => this.#underWay.take(task.id)?.asker.failed(error),
    });
    const sizes = {
      sizeOf,
      get maxBytes() {
        return options.maxFrameBytes();
      },
    };
    // A frame may have gathered while the stream ended.
    const write = (frame: ExchangeRequest): boolean => this.#isOver || this.#isFinished || call.write(frame);
    this.#write = frameWriter({ write, on: (event, listener) => call.on(event, listener) }, build, sizes);
    call.on('data', (frame: ExchangeResponse__Output) => this.#take(frame));
    call.on('error', (error) => this.#ended(messageOf(error)));
    call.once('end', () => this.#ended('the gateway ended the stream'));
  }

  get inFlight(): number {
    return this.#underWay.size;
  }

  /** How long it has said nothing although it owes an answer, in milliseconds. */
  silentMs(now: number): number {
    return this.#underWay.size === 0 ? 0 : now - this.#heardAt;
  }

  send(task: Task): void {
    if (this.#underWay.size === 0 && !this.#hasMissed) this.#heardAt = performance.now();
    this.#underWay.add(task);
    this.#write({ task });
  }

  write(item: Exclude<Item, { readonly task: Task }>): void {
    this.#write(item);
  }

  /** Gives up what belongs, and tells the gateway. */
  revokeIf(belongs: (task: Task) => boolean): Task[] {
    return this.#revoked(this.#underWay.takeIf(belongs));
  }

  /** Gives up what was due before, and tells the gateway. */
  revokeDue(before: number): Task[] {
    const due = this.#underWay.takeDue(before);
    if (due.length > 0) this.#hasMissed = true;
    return this.#revoked(due);
  }

  /** Ends our side; nothing is under way. */
  finish(): void {
    if (this.#isOver || this.#isFinished) return;
    this.#isFinished = true;
    this.#options.stream.call.end();
  }

  /** Leaves the stream; answers what was under way. */
  leave(): Task[] {
    this.#isOver = true;
    this.#options.stream[Symbol.dispose]();
    return this.#underWay.takeAll();
  }

  #revoked(tasks: Task[]): Task[] {
    for (const { id } of tasks) this.#write({ cancel: id });
    return tasks;
  }

  #take(frame: ExchangeResponse__Output): void {
    if (this.#isOver) return;
    this.#heardAt = performance.now();
    this.#hasMissed = false;
    this.#answers.declare(frame);
    if (frame.announcement !== null) this.#options.onAnnouncement(frame.announcement);
    for (const answer of frame.answers) this.#settle(answer);
    if (frame.answers.length > 0) this.#options.onRoom();
  }

  #settle(answer: ScoreAnswer__Output): void {
    const task = this.#underWay.take(answer.id);
    if (task === undefined) return;
    const scored = this.#read(answer);
    if (scored instanceof SluiceError) task.asker.failed(scored);
    else task.asker.scored(scored);
  }

  #read(answer: ScoreAnswer__Output): Scored | SluiceError {
    try {
      return this.#answers.scoredOf(answer);
    } catch (thrown) {
      return fromUnknown(thrown);
    }
  }

  #ended(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onEnd(reason);
  }
}
