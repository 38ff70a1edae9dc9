import { type ClientDuplexStream, credentials, Metadata } from '@grpc/grpc-js';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { frameWriter, usualFrameBytes } from '@sluice/kernel/link/frame-writer';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { Announcement__Output } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeResponse';
import type { Packages } from '@sluice/protos/load';
import type { Computed } from '../core/call.ts';
import { type Held, type Runtime, RuntimeLost, type RuntimeRequest } from '../core/runtime.ts';
import { computedOf, heldOf } from './link-answers.ts';
import { entryOf, frameOf, type Item, overheadBytes, sizeOf, tooLarge } from './link-entries.ts';

export interface RuntimeLinkOptions {
  readonly address: string;
  readonly packages: Packages;
  /** Largest frame that the runtime receives. */
  readonly maxMessageBytes: number;
  readonly log: Log;
  /** The link broke while requests for these releases were under way. */
  readonly onLost: (releases: readonly ReleaseName[]) => void;
}

type Stream = ClientDuplexStream<ExchangeRequest, ExchangeResponse__Output>;

interface Pending {
  readonly release: ReleaseName;
  readonly resolve: (computed: Computed) => void;
  readonly reject: (error: Error) => void;
}

/** Between the end of a stream and the next try. */
const reopenMs = 50;
const maxEntryId = 0xffff_ffff;

/** One long-lived stream to a runtime, opened again whenever it ends. */
export class RuntimeLink implements Runtime, AsyncDisposable {
  readonly address: string;
  readonly #options: RuntimeLinkOptions;
  readonly #client: InstanceType<Packages['sluice']['runtime']['v1']['RuntimeService']>;
  readonly #pending = new Map<number, Pending>();
  #held: ReadonlyMap<string, Held> = new Map();
  #stream: Stream | undefined;
  #write: ((item: Item) => void) | undefined;
  #available = false;
  #loaded = false;
  #draining = false;
  #closed = false;
  #lastId = 0;

  constructor(options: RuntimeLinkOptions) {
    this.address = options.address;
    this.#options = options;
    this.#client = new options.packages.sluice.runtime.v1.RuntimeService(
      options.address,
      credentials.createInsecure(),
      {
        // What a release answers may be larger than any request; a limit would break the link for all.
        'grpc.max_receive_message_length': -1,
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.max_reconnect_backoff_ms': 1_000,
        // A graph that computes for long answers no ping meanwhile; that must not look like a lost runtime.
        'grpc.keepalive_time_ms': 10_000,
        'grpc.keepalive_timeout_ms': 60_000,
        'grpc-node.flow_control_window': 4 * 1024 * 1024,
      },
    );
    this.#open();
  }

  get available(): boolean {
    return this.#available;
  }

  /** Available, and done with what it was told to load. */
  get ready(): boolean {
    return this.#available && this.#loaded;
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  held({ model, version }: Pick<ReleaseName, 'model' | 'version'>): Held | undefined {
    return this.#held.get(`${model}/${version}`);
  }

  infer(request: RuntimeRequest, signal: AbortSignal): Promise<Computed> {
    const id = this.#nextId();
    const write = this.#write;
    return new Promise<Computed>((resolve, reject) => {
      if (signal.aborted) return reject(fromUnknown(signal.reason));
      if (write === undefined) return reject(new RuntimeLost(`${this.address} is not connected`));
      const entry = entryOf(id, request);
      const limit = this.#options.maxMessageBytes - overheadBytes;
      const bytes = sizeOf({ entry });
      if (bytes > limit) return reject(tooLarge(bytes, limit));
      const cancel = (): void => {
        write({ cancel: id });
        this.#forget(id);
        reject(fromUnknown(signal.reason));
      };
      const settled =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          signal.removeEventListener('abort', cancel);
          then(value);
        };
      signal.addEventListener('abort', cancel, { once: true });
      this.#pending.set(id, { release: request.release, resolve: settled(resolve), reject: settled(reject) });
      write({ entry });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#stream?.cancel();
    this.#client.close();
  }

  #nextId(): number {
    do this.#lastId = this.#lastId >= maxEntryId ? 1 : this.#lastId + 1;
    while (this.#pending.has(this.#lastId));
    return this.#lastId;
  }

  #open(): void {
    if (this.#closed) return;
    const stream: Stream = this.#client.Exchange(new Metadata({ waitForReady: true }));
    this.#stream = stream;
    this.#write = undefined;
    stream.on('data', (frame: ExchangeResponse__Output) => this.#take(frame, stream));
    stream.once('error', (error) => this.#lost(stream, messageOf(error)));
    stream.once('end', () => this.#lost(stream, 'the runtime ended the stream'));
  }

  #take({ answers, announcement }: ExchangeResponse__Output, stream: Stream): void {
    if (announcement !== null) this.#announced(announcement, stream);
    for (const answer of answers) {
      const pending = this.#pending.get(answer.id);
      if (pending === undefined) continue;
      this.#forget(answer.id);
      Promise.try(computedOf, answer).then(pending.resolve, pending.reject);
    }
  }

  #forget(id: number): void {
    this.#pending.delete(id);
    if (!this.#available) this.#letGo();
  }

  #announced(announcement: Announcement__Output, stream: Stream): void {
    const { log } = this.#options;
    this.#held = heldOf(announcement);
    this.#write ??= frameWriter<Item, ExchangeRequest>(stream, frameOf, {
      sizeOf: (item) => sizeOf(item) + overheadBytes,
      maxBytes: Math.min(usualFrameBytes, this.#options.maxMessageBytes),
    });
    const available = !announcement.draining;
    if (available !== this.#available)
      log.info(
        { runtime: this.address, available },
        available ? 'runtime is connected' : 'runtime is draining',
      );
    this.#available = available;
    this.#loaded = announcement.ready;
    this.#draining = announcement.draining;
    if (!available) this.#letGo();
  }

  /** Ends our side of a draining runtime's stream after its last answer, so that it need not wait for us. */
  #letGo(): void {
    const stream = this.#stream;
    // What was written in this turn of the event loop leaves before.
    setImmediate(() => {
      if (stream === undefined || stream !== this.#stream || this.#pending.size > 0) return;
      this.#write = undefined;
      if (stream.writableNeedDrain) stream.once('drain', () => this.#letGo());
      else stream.end();
    });
  }

  #lost(stream: Stream, reason: string): void {
    if (stream !== this.#stream) return;
    const { log, onLost } = this.#options;
    this.#stream = undefined;
    this.#write = undefined;
    if (this.#available)
      log.warn({ runtime: this.address, reason, in_flight: this.inFlight }, 'runtime is lost');
    else if (this.#draining) log.info({ runtime: this.address, reason }, 'runtime has stopped');
    this.#available = this.#draining = false;
    const unanswered = [...this.#pending.values()];
    this.#pending.clear();
    if (unanswered.length > 0) onLost([...new Set(unanswered.map(({ release }) => release))]);
    for (const { reject } of unanswered) reject(new RuntimeLost(reason));
    setTimeout(() => this.#open(), reopenMs).unref();
  }
}
