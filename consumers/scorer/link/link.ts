import { usualFrameBytes } from '@sluice/kernel/link/frame-writer';
import { openGatewayStream } from '@sluice/kernel/rpc/gateway-stream';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { Announcement__Output } from '@sluice/protos/gen/sluice/gateway/v1/Announcement';
import type { ScorerReport } from '@sluice/protos/gen/sluice/gateway/v1/ScorerReport';
import type { Packages } from '@sluice/protos/load';
import { type Backoff, nextWaitMs, withJitter } from '../../backoff.ts';
import { LinkStream } from './link-stream.ts';
import type { Task } from './task.ts';

export interface LinkOptions {
  /** host:port */
  readonly address: string;
  readonly protos: Packages;
  readonly log: Log;
  readonly backoff: Backoff;
  /** It may take more than before, or is no longer usable. */
  readonly onChange: () => void;
  /** It announced itself: what it has to know is to be sent again. */
  readonly onConnected: (link: Link) => void;
  /** It broke, or was left, while these were under way. */
  readonly onLost: (link: Link, tasks: readonly Task[], reason: string) => void;
}

/**
 * A gateway that is there announces itself sooner. Not less: a connection that is left before the other side has spoken
 * stays open until it speaks, or the system gives it up, since grpc-js does not close it.
 */
const meetMs = 30_000;
/** Of a gateway that does not say how many entries it takes at once. */
const usualInFlight = 1_024;

/** A gateway behind its address: the stream to it, opened anew whenever it ends, and what it announced. */
export class Link implements Disposable {
  readonly address: string;
  readonly #options: LinkOptions;
  #stream: LinkStream | undefined;
  #announcement: Announcement__Output | undefined;
  #openedAt = 0;
  #waitMs: number | undefined;
  #opening: NodeJS.Timeout | undefined;
  #isFinished = false;
  /** Why there is no connection. */
  #reason = 'not connected yet';
  #isToldAway = false;

  constructor(options: LinkOptions) {
    this.address = options.address;
    this.#options = options;
    this.#open();
  }

  get inFlight(): number {
    return this.#stream?.inFlight ?? 0;
  }

  /** Largest frame that the gateway receives. */
  get maxFrameBytes(): number {
    return this.#announcement?.maxFrameBytes || usualFrameBytes;
  }

  /** It could take something, if not now then after its next answer. */
  get isUsable(): boolean {
    return this.notUsable() === undefined;
  }

  /** Why it takes nothing; undefined: it does. */
  notUsable(): string | undefined {
    if (this.#announcement === undefined) return this.#reason;
    if (this.#announcement.draining || this.#isFinished) return 'it is stopping';
    return this.#announcement.ready ? undefined : 'it is not ready';
  }

  /** Whether it takes something of this size now. */
  takes(bytes: number): boolean {
    const most = this.#announcement?.maxInFlight || usualInFlight;
    return this.isUsable && this.inFlight < most && bytes <= this.maxFrameBytes;
  }

  /** Only what it takes. */
  send(task: Task): void {
    this.#stream?.send(task);
  }

  /** Does nothing while there is no connection. */
  report(report: ScorerReport, bytes: number): void {
    if (this.#announcement === undefined || this.#isFinished) return;
    if (bytes <= this.maxFrameBytes) this.#stream?.write({ report, bytes });
    else this.#options.log.warn({ gateway: this.address, bytes }, 'the report is too large for the gateway');
  }

  /** Gives up what belongs. */
  revokeIf(belongs: (task: Task) => boolean): Task[] {
    const revoked = this.#stream?.revokeIf(belongs) ?? [];
    this.#letGo();
    return revoked;
  }

  /** Gives up what was due before; `silentMs`: how long the gateway had said nothing then. */
  revokeDue(before: number, now: number): { readonly tasks: readonly Task[]; readonly silentMs: number } {
    const silentMs = this.#stream?.silentMs(now) ?? 0;
    const tasks = this.#stream?.revokeDue(before) ?? [];
    if (tasks.length > 0) this.#letGo();
    return { tasks, silentMs };
  }

  /** Leaves a gateway that has never announced itself. */
  watch(now: number): void {
    if (this.#stream === undefined || this.#announcement !== undefined) return;
    if (now - this.#openedAt > meetMs) this.leave(`it did not announce itself within ${meetMs} ms`);
  }

  /** Leaves the stream, to open it anew. */
  leave(reason: string): void {
    if (this.#stream !== undefined) this.#ended(this.#stream, reason);
  }

  /** What is under way stays unanswered. */
  [Symbol.dispose](): void {
    clearTimeout(this.#opening);
    this.#stream?.leave();
    this.#stream = this.#announcement = undefined;
    this.#reason = 'closed';
  }

  #open(): void {
    const { address, protos, onChange } = this.#options;
    this.#openedAt = performance.now();
    this.#isFinished = false;
    const stream: LinkStream = new LinkStream({
      stream: openGatewayStream(protos, address),
      maxFrameBytes: () => Math.min(usualFrameBytes, this.maxFrameBytes),
      onAnnouncement: (announcement) => this.#announced(announcement),
      onRoom: () => {
        this.#letGo();
        onChange();
      },
      onEnd: (reason) => this.#ended(stream, reason),
    });
    this.#stream = stream;
  }

  #announced(announcement: Announcement__Output): void {
    const { log, onChange, onConnected } = this.#options;
    const before = this.#announcement;
    const { gateway: id, draining, ready } = announcement;
    this.#announcement = announcement;
    const told = { gateway: this.address, id, ready };
    if (before === undefined) log.info(told, 'gateway is connected');
    if (draining && !before?.draining) log.info(told, 'gateway is draining');
    if (before === undefined) onConnected(this);
    this.#isToldAway = false;
    this.#letGo();
    onChange();
  }

  /** After the last answer of a gateway that is draining our side ends, so that it need not wait for us. */
  #letGo(): void {
    if (!this.#announcement?.draining || this.#isFinished || this.inFlight > 0) return;
    this.#isFinished = true;
    this.#stream?.finish();
  }

  #ended(stream: LinkStream, reason: string): void {
    if (stream !== this.#stream) return;
    const { backoff, onChange, onLost } = this.#options;
    const tasks = stream.leave();
    this.#tellEnd(reason, tasks.length);
    this.#stream = this.#announcement = undefined;
    this.#reason = reason;
    this.#waitMs = nextWaitMs(this.#waitMs, performance.now() - this.#openedAt, backoff);
    this.#opening = setTimeout(() => this.#open(), withJitter(this.#waitMs));
    if (tasks.length > 0) onLost(this, tasks, reason);
    onChange();
  }

  /** Once, not at each attempt. */
  #tellEnd(reason: string, inFlight: number): void {
    const { log } = this.#options;
    const told = { gateway: this.address, reason, in_flight: inFlight };
    if (this.#announcement?.draining && inFlight === 0) log.info(told, 'gateway has stopped');
    else if (this.#announcement !== undefined) log.warn(told, 'gateway is lost');
    else if (!this.#isToldAway) log.warn(told, 'gateway cannot be reached');
    this.#isToldAway = true;
  }
}
