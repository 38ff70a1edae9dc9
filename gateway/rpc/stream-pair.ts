import type { Announcement__Output } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { Packages } from '@sluice/protos/load';
import type { Computed } from '../core/call.ts';
import type { RuntimeRequest } from '../core/runtime.ts';
import { LinkStream } from './link-stream.ts';
import type { Unanswered } from './pending-requests.ts';
import { openRuntimeClient, type RuntimeClient } from './runtime-client.ts';

export interface StreamPairOptions {
  readonly address: string;
  readonly packages: Packages;
  readonly onAnnouncement: (announcement: Announcement__Output) => void;
  readonly onIdle: () => void;
  /** One of the streams has ended, which makes the other one worthless. */
  readonly onEnd: (reason: string) => void;
}

/** Requests that are larger have a connection of their own, so that small ones need not wait behind them. */
const bulkBytes = 256 * 1024;

/**
 * The streams to one runtime: the main one, and one for large requests, opened for the first of them
 * and kept. What the runtime announces is taken from the main one.
 */
export class StreamPair {
  readonly #options: StreamPairOptions;
  readonly #client: RuntimeClient;
  #bulkClient: RuntimeClient | undefined;
  #main: LinkStream | undefined;
  #bulk: LinkStream | undefined;
  #isFinishing = false;

  constructor(options: StreamPairOptions) {
    this.#options = options;
    this.#client = openRuntimeClient(options.packages, options.address);
  }

  get main(): LinkStream | undefined {
    return this.#main;
  }

  get inFlight(): number {
    return (this.#main?.inFlight ?? 0) + (this.#bulk?.inFlight ?? 0);
  }

  /** Opens the main stream, unless it is open. */
  open(): void {
    this.#main ??= this.#stream(this.#client, this.#options.onAnnouncement);
  }

  /** As LinkStream's, over a main stream that has announced. */
  infer(request: RuntimeRequest, bytes: number, signal: AbortSignal): Promise<Computed> | undefined {
    const stream = bytes > bulkBytes ? this.#openBulk() : this.#main;
    return stream?.infer(request, bytes, signal);
  }

  abandon(takes: (request: RuntimeRequest) => boolean): void {
    for (const stream of this.#streams()) stream.abandon(takes);
  }

  /** Ends our side of both streams, of which nothing is under way. */
  finish(): void {
    this.#isFinishing = true;
    for (const stream of this.#streams()) stream.finish();
  }

  /** Leaves both streams; answers what was under way. */
  leave(): Unanswered[] {
    const unanswered = this.#streams().flatMap((stream) => stream.leave());
    this.#main = this.#bulk = undefined;
    this.#isFinishing = false;
    return unanswered;
  }

  close(): void {
    this.#client.close();
    this.#bulkClient?.close();
  }

  #openBulk(): LinkStream {
    this.#bulkClient ??= openRuntimeClient(this.#options.packages, this.#options.address);
    this.#bulk ??= this.#stream(this.#bulkClient, () => undefined);
    return this.#bulk;
  }

  #stream(client: RuntimeClient, onAnnouncement: StreamPairOptions['onAnnouncement']): LinkStream {
    const { onIdle } = this.#options;
    const onEnd = (reason: string): void => this.#ended(stream, reason);
    const stream = new LinkStream({ client, onAnnouncement, onIdle, onEnd });
    return stream;
  }

  #streams(): LinkStream[] {
    return [this.#main, this.#bulk].filter((stream) => stream !== undefined);
  }

  #ended(stream: LinkStream, reason: string): void {
    // A runtime that stops ends its streams one after the other; the main one tells.
    if (stream === this.#bulk && this.#isFinishing) this.#bulk = undefined;
    else this.#options.onEnd(reason);
  }
}
