import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Link } from './link.ts';
import type { LinkHooks } from './link-hooks.ts';
import type { Task } from './task.ts';
import { Waiting } from './waiting.ts';

/** A gateway answers DEADLINE_EXCEEDED by itself; only what it has forgotten, or cannot say, is left after this time. */
const graceMs = 500;
/** A gateway that has missed a deadline and said nothing for so long is left. */
const silenceMs = 2_000;

const tooLarge = (bytes: number, limit: number): SluiceError =>
  new SluiceError(
    'MESSAGE_TOO_LARGE',
    `the event takes up to ${bytes} bytes on its way to the gateway, which receives at most ${limit} at once`,
  );

/** Worth another try at once: whoever tries again waits here for a gateway. */
const lost = (address: string, reason: string): SluiceError =>
  new SluiceError('GATEWAY_LOST', `gateway ${address} is lost: ${reason}`, { retryAfterMs: 0 });

/** Gives events to the links: each to the one that has the fewest under way and takes more, in the order in which they came. */
export class Dispatcher {
  readonly #links: readonly Link[];
  readonly #hooks: LinkHooks;
  readonly #waiting = new Waiting();
  /** Where looking for a link begins, so that equals take turns. */
  #turn = 0;

  constructor(links: readonly Link[], hooks: LinkHooks) {
    this.#links = links;
    this.#hooks = hooks;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  submit(task: Task): void {
    if (this.#waiting.size > 0 || !this.#place(task)) this.#waiting.push(task);
  }

  /** Gives what waits to links that take more. */
  pump(): void {
    for (let task = this.#waiting.first; task !== undefined; task = this.#waiting.first) {
      if (!this.#place(task)) return;
      this.#waiting.shift();
    }
  }

  /** Fails what was under way on a link that broke. */
  lose(link: Link, tasks: readonly Task[], reason: string): void {
    this.#hooks.onLost?.(link.address, tasks.length);
    for (const task of tasks) task.asker.failed(lost(link.address, reason));
  }

  /** Fails what belongs, wherever it is, and tells the gateways. */
  revokeIf(belongs: (task: Task) => boolean, error: SluiceError): void {
    const waiting = this.#waiting.takeIf(belongs);
    const sent = this.#links.flatMap((link) => link.revokeIf(belongs));
    for (const task of [...waiting, ...sent]) task.asker.failed(error);
    this.pump();
  }

  /** Why nothing can be scored; undefined: something can. */
  notReady(): string | undefined {
    if (this.#links.some(({ isUsable }) => isUsable)) return undefined;
    return `no gateway is ready: ${this.#links.map((link) => `${link.address}: ${link.notUsable()}`).join('; ')}`;
  }

  /** Fails what is overdue, and leaves gateways that are silent. */
  watch(now: number): void {
    for (const link of this.#links) this.#watchLink(link, now);
    const late = this.#waiting.takeIf(({ dueAt }) => dueAt <= now);
    if (late.length > 0) {
      const why = this.notReady() ?? 'the gateways have as much under way as they take';
      for (const task of late)
        task.asker.failed(new SluiceError('GATEWAY_UNAVAILABLE', why, { retryAfterMs: 0 }));
    }
    this.pump();
  }

  #watchLink(link: Link, now: number): void {
    const { tasks, silentMs } = link.revokeDue(now - graceMs, now);
    const silence = `it has said nothing for ${Math.round(silentMs)} ms`;
    if (tasks.length > 0 && silentMs >= graceMs) this.lose(link, tasks, silence);
    else
      for (const task of tasks)
        task.asker.failed(
          new SluiceError('DEADLINE_EXCEEDED', `gateway ${link.address} gave no answer in time`),
        );
    if (tasks.length > 0 && silentMs >= silenceMs) link.leave(silence);
    link.watch(now);
  }

  /** Whether it has left, or failed: false while no link takes it. */
  #place(task: Task): boolean {
    const link = this.#leastBusy(task.bytes);
    if (link !== undefined) {
      link.send(task);
      this.#hooks.onSent?.(link.address);
      return true;
    }
    const usable = this.#links.filter(({ isUsable }) => isUsable);
    const limit = Math.max(...usable.map(({ maxFrameBytes }) => maxFrameBytes));
    if (usable.length === 0 || task.bytes <= limit) return false;
    task.asker.failed(tooLarge(task.bytes, limit));
    return true;
  }

  #leastBusy(bytes: number): Link | undefined {
    const count = this.#links.length;
    let best: Link | undefined;
    for (let step = 0; step < count; step += 1) {
      const link = this.#links[(this.#turn + step) % count];
      if (link?.takes(bytes) && (best === undefined || link.inFlight < best.inFlight)) best = link;
    }
    this.#turn = (this.#turn + 1) % count;
    return best;
  }
}
