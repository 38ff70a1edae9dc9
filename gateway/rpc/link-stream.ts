import { performance } from 'node:perf_hooks';
import { type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { messageOf } from '@sluice/kernel/errors/message-of';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { frameWriter, usualFrameBytes } from '@sluice/kernel/link/frame-writer';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Announcement__Output } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { Answer__Output } from '@sluice/protos/gen/sluice/runtime/v1/Answer';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeResponse';
import type { Computed } from '../core/call.ts';
import { type Held, RuntimeLost, type RuntimeRequest, RuntimeStalled } from '../core/runtime.ts';
import { computedOf, heldOf } from './link-answers.ts';
import { entryOf, frameOf, type Item, sizeOf } from './link-entries.ts';
import { PendingLoads } from './pending-loads.ts';
import { type Pending, PendingRequests, type Unanswered } from './pending-requests.ts';
import type { RuntimeClient } from './runtime-client.ts';

export interface LinkStreamOptions {
  readonly client: RuntimeClient;
  readonly onAnnouncement: (announcement: Announcement__Output) => void;
  /** The last request that was under way is so no more. */
  readonly onIdle: () => void;
  readonly onEnd: (reason: string) => void;
}

/** Where frames go once our side has ended. */
const nowhere = (): void => undefined;

const settle = ({ resolve, reject }: Pending, answer: Answer__Output): void => {
  try {
    resolve(computedOf(answer));
  } catch (thrown) {
    reject(thrown);
  }
};

/** One Exchange with a runtime, from its opening to its end, and the requests that are under way on it. */
export class LinkStream {
  readonly #options: LinkStreamOptions;
  readonly #stream: ClientDuplexStream<ExchangeRequest, ExchangeResponse__Output>;
  readonly #pending = new PendingRequests();
  readonly #loads = new PendingLoads();
  #held: ReadonlyMap<string, Held> = new Map();
  #write: ((item: Item) => void) | undefined;
  /** What is to be written once the runtime has announced what it holds. */
  #early: Item[] = [];
  #isOver = false;
  /** Of a request that was taken back and left with the runtime all the same; for its caller it has ended. */
  #probe = 0;

  constructor(options: LinkStreamOptions) {
    this.#options = options;
    this.#stream = options.client.Exchange(new Metadata({ waitForReady: true }));
    this.#stream.on('data', (frame: ExchangeResponse__Output) => this.#take(frame));
    this.#stream.once('error', (error) => this.#ended(messageOf(error)));
    this.#stream.once('end', () => this.#ended('the runtime ended the stream'));
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  get silentSince(): number | undefined {
    return this.#pending.silentSince;
  }

  held({ model, version }: Pick<ReleaseName, 'model' | 'version'>): Held | undefined {
    return this.#held.get(`${model}/${version}`);
  }

  /** As Runtime's; `bytes`: what the request takes in a frame, at most. */
  infer(request: RuntimeRequest, bytes: number, signal: AbortSignal): Promise<Computed> {
    return new Promise<Computed>((resolve, reject) => {
      if (signal.aborted) return reject(fromUnknown(signal.reason));
      if (this.#isOver || this.#write === nowhere) return reject(new RuntimeLost('the stream is over'));
      const cancel = (): void => this.#cancel(id, fromUnknown(signal.reason));
      const settled =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          signal.removeEventListener('abort', cancel);
          then(value);
        };
      const now = performance.now();
      const id = this.#pending.add({ request, resolve: settled(resolve), reject: settled(reject) }, now);
      signal.addEventListener('abort', cancel, { once: true });
      this.#send({ entry: entryOf(id, request, now), bytes });
    });
  }

  /** As Runtime's. */
  load(release: ReleaseName): Promise<void> {
    if (this.#isOver || this.#write === nowhere) return Promise.reject(new RuntimeLost('the stream is over'));
    const { model, version, digest } = release;
    return this.#loads.begin(release, (id) => this.#send({ load: { id, model, version, digest } }));
  }

  /** Tells the runtime that the store holds something new. */
  refresh(): void {
    if (!this.#isOver) this.#send({ refresh: true });
  }

  /** As Runtime's. One of them is left with the runtime: its answer, which nobody gets, tells that it goes on. */
  abandon(takes: (request: RuntimeRequest) => boolean): void {
    for (const { id, request, reject } of this.#pending.all()) {
      if (id === this.#probe || !takes(request)) continue;
      if (this.#pending.has(this.#probe)) this.#revoke(id);
      else this.#probe = id;
      reject(new RuntimeStalled('the runtime stopped answering'));
    }
  }

  /** Ends our side, unless something is under way. */
  finish(): void {
    if (this.#isOver || this.#pending.size > 0) return;
    this.#write = nowhere;
    if (this.#stream.writableNeedDrain) this.#stream.once('drain', () => this.#stream.end());
    else this.#stream.end();
  }

  /** Leaves the stream; answers what was under way. */
  leave(): Unanswered[] {
    this.#isOver = true;
    this.#stream.cancel();
    return [...this.#pending.clear(), ...this.#loads.clear()];
  }

  #send(item: Item): void {
    if (this.#write === undefined) this.#early.push(item);
    else this.#write(item);
  }

  #take({ answers, announcement, loads }: ExchangeResponse__Output): void {
    if (this.#isOver) return;
    if (announcement !== null) this.#announced(announcement);
    for (const load of loads) this.#loads.answered(load);
    if (answers.length === 0) return;
    this.#pending.heard(performance.now());
    for (const answer of answers) {
      const pending = this.#pending.get(answer.id);
      if (pending === undefined) continue;
      this.#pending.remove(answer.id);
      settle(pending, answer);
    }
    this.#noteIdle();
  }

  #announced(announcement: Announcement__Output): void {
    this.#held = heldOf(announcement);
    if (this.#write === undefined) this.#begin(announcement);
    if (announcement.draining)
      for (const { reject } of this.#loads.clear()) reject(new RuntimeLost('the runtime is stopping'));
    this.#options.onAnnouncement(announcement);
  }

  #begin({ maxFrameBytes }: Announcement__Output): void {
    const write = frameWriter<Item, ExchangeRequest>(this.#stream, frameOf, {
      sizeOf,
      maxBytes: Math.min(usualFrameBytes, maxFrameBytes || usualFrameBytes),
    });
    this.#write = write;
    for (const item of this.#early) if (this.#stillHolds(item)) write(item);
    this.#early = [];
  }

  /** Whether a handle of before the announcement means the same to the process that has answered the call. */
  #stillHolds(item: Item): boolean {
    if (!('entry' in item)) return !('cancel' in item);
    const id = item.entry.id ?? 0;
    const pending = this.#pending.get(id);
    if (pending === undefined) return false;
    const { release, handle } = pending.request;
    const held = this.held(release);
    if (held?.handle === handle && held.digest === release.digest) return true;
    this.#pending.remove(id);
    pending.reject(new RuntimeLost('another process answers under its address'));
    this.#noteIdle();
    return false;
  }

  #cancel(id: number, error: SluiceError): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    if (error.code === 'DEADLINE_EXCEEDED') this.#pending.expire(id, performance.now());
    this.#revoke(id);
    pending.reject(error);
  }

  #revoke(id: number): void {
    this.#send({ cancel: id });
    if (this.#pending.has(id)) this.#pending.remove(id);
    this.#noteIdle();
  }

  #noteIdle(): void {
    if (this.#pending.size === 0) this.#options.onIdle();
  }

  #ended(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onEnd(reason);
  }
}
