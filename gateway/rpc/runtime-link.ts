import type { ReleaseName } from '@sluice/kernel/release/release';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { Announcement__Output } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { Cell__Output } from '@sluice/protos/gen/sluice/runtime/v1/Cell';
import type { Packages } from '@sluice/protos/load';
import type { Computed } from '../core/call.ts';
import { type Held, type Runtime, RuntimeLost, type RuntimeRequest } from '../core/runtime.ts';
import { bytesOf, tooLarge } from './link-entries.ts';
import { StreamPair } from './stream-pair.ts';

export interface RuntimeLinkOptions {
  readonly address: string;
  /** A cell is watched by its runtime, which knows how long it may compute. */
  readonly kind: 'runtime' | 'cell';
  readonly packages: Packages;
  /** Largest frame that a runtime receives which does not say. */
  readonly maxFrameBytes: number;
  readonly log: Log;
  readonly on: LinkEvents;
}

/** What befalls a link. */
export interface LinkEvents {
  /** What it holds, whether it is available, or its cells. */
  changed(link: RuntimeLink): void;
  /** It broke, or was left, while requests for these releases were under way: perhaps none. */
  lost(link: RuntimeLink, releases: readonly ReleaseName[]): void;
  closed(link: RuntimeLink): void;
}

/** Between the end of a stream and the next try. */
const reopenMs = 50;
/** A new address that answers at all does so sooner. */
const meetMs = 1_000;
const noCells: readonly Cell__Output[] = [];

/** A runtime or a cell behind its address: its streams, opened again whenever they end, and what it announced. */
export class RuntimeLink implements Runtime, AsyncDisposable {
  readonly address: string;
  readonly #options: RuntimeLinkOptions;
  readonly #streams: StreamPair;
  #announcement: Announcement__Output | undefined;
  #available = false;
  /** Until when a first announcement may be about to come, in milliseconds of performance.now(). */
  #meetingUntil = performance.now() + meetMs;
  #retiring = false;
  #closed = false;

  constructor(options: RuntimeLinkOptions) {
    const { address, packages } = options;
    this.address = address;
    this.#options = options;
    this.#streams = new StreamPair({
      address,
      packages,
      onAnnouncement: (announcement) => this.#announced(announcement),
      onIdle: () => this.#letGo(),
      onEnd: (reason) => this.#ended(reason),
    });
    this.#streams.open();
  }

  get kind(): RuntimeLinkOptions['kind'] {
    return this.#options.kind;
  }

  get available(): boolean {
    return this.#available;
  }

  /** Available, and done with what it was told to load. */
  get ready(): boolean {
    return this.#available && this.#announcement?.ready === true;
  }

  /** Just opened, and not heard of yet. */
  get isMeeting(): boolean {
    return performance.now() < this.#meetingUntil;
  }

  get inFlight(): number {
    return this.#streams.inFlight;
  }

  /** Of the main stream alone: what is large may take its time on its way. */
  get silentSince(): number | undefined {
    return this.#options.kind === 'cell' ? undefined : this.#streams.main?.silentSince;
  }

  /** Its cells, as it announced them; none while it is not connected. */
  get cells(): readonly Cell__Output[] {
    return this.#announcement?.cells ?? noCells;
  }

  held(release: Pick<ReleaseName, 'model' | 'version'>): Held | undefined {
    return this.#streams.main?.held(release);
  }

  infer(request: RuntimeRequest, signal: AbortSignal): Promise<Computed> {
    const notConnected = () => Promise.reject(new RuntimeLost(`${this.address} is not connected`));
    if (!this.#available) return notConnected();
    const bytes = bytesOf(request);
    const limit = this.#announcement?.maxFrameBytes || this.#options.maxFrameBytes;
    if (bytes > limit) return Promise.reject(tooLarge(bytes, limit));
    return this.#streams.infer(request, bytes, signal) ?? notConnected();
  }

  /** A cell loads nothing. */
  get roomKib(): number | undefined {
    return this.#options.kind === 'cell' ? undefined : this.#announcement?.roomKib;
  }

  load(release: ReleaseName): Promise<void> {
    const lost = () => Promise.reject(new RuntimeLost(`${this.address} is not connected`));
    return (this.#available ? this.#streams.main?.load(release) : undefined) ?? lost();
  }

  /** Tells it that the store holds something new. */
  refresh(): void {
    if (this.#available) this.#streams.main?.refresh();
  }

  abandon(takes: (request: RuntimeRequest) => boolean): void {
    this.#streams.abandon(takes);
  }

  /** Takes nothing new, and closes after its last answer. */
  retire(): void {
    this.#retiring = true;
    this.#available = false;
    this.#letGo();
  }

  /** Leaves at once; `told`: what is said of the requests that are under way. */
  leave(told: string): void {
    this.#loseAll(new RuntimeLost(told, told));
    this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }

  #announced(announcement: Announcement__Output): void {
    const { log, on } = this.#options;
    const available = !announcement.draining && !this.#retiring;
    if (available !== this.#available)
      log.info(
        { runtime: this.address, available },
        available ? 'runtime is connected' : 'runtime is draining',
      );
    this.#announcement = announcement;
    this.#meetingUntil = Number.NEGATIVE_INFINITY;
    this.#available = available;
    on.changed(this);
    this.#letGo();
  }

  /** After the last answer of a runtime that takes nothing new our side ends, so that it need not wait for us. */
  #letGo(): void {
    if (this.#available) return;
    // What was written in this turn of the event loop leaves before.
    setImmediate(() => {
      if (this.#available || this.inFlight > 0) return;
      if (this.#retiring) this.#close();
      else if (this.#announcement?.draining) this.#streams.finish();
    });
  }

  #ended(reason: string): void {
    const { log } = this.#options;
    if (this.#available || this.inFlight > 0)
      log.warn({ runtime: this.address, reason, in_flight: this.inFlight }, 'runtime is lost');
    else if (this.#announcement?.draining) log.info({ runtime: this.address, reason }, 'runtime has stopped');
    this.#loseAll(new RuntimeLost(reason));
    if (this.#retiring) this.#close();
    else
      setTimeout(() => {
        if (!this.#closed) this.#streams.open();
      }, reopenMs).unref();
  }

  /** Whatever is under way, on both streams, is lost together. */
  #loseAll(error: RuntimeLost): void {
    const { on } = this.#options;
    const wasUp = this.#available;
    const unanswered = this.#streams.leave();
    this.#announcement = undefined;
    this.#available = false;
    if (wasUp || unanswered.length > 0) on.lost(this, [...new Set(unanswered.map(({ release }) => release))]);
    on.changed(this);
    for (const { reject } of unanswered) reject(error);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#available = false;
    for (const { reject } of this.#streams.leave()) reject(new RuntimeLost('the link was closed'));
    this.#streams.close();
    this.#options.on.closed(this);
  }
}
