import type { ReleaseName } from '@sluice/kernel/release/release';
import type { LoadAnswer__Output } from '@sluice/protos/gen/sluice/runtime/v1/LoadAnswer';
import { errorOf } from './link-answers.ts';
import type { Unanswered } from './pending-requests.ts';

interface PendingLoad extends Unanswered {
  readonly resolve: () => void;
}

/** The releases that a runtime was asked to load, over one stream. */
export class PendingLoads {
  readonly #pending = new Map<number, PendingLoad>();
  #lastId = 0;

  /** `send` is given the id of the load. */
  begin(release: ReleaseName, send: (id: number) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#pending.set(this.#lastId, { release, resolve, reject });
      send(this.#lastId);
    });
  }

  answered({ id, failure }: LoadAnswer__Output): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (!failure) pending?.resolve();
    else pending?.reject(errorOf(failure));
  }

  /** Answers those who wait; nobody does any more. */
  clear(): Unanswered[] {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    return all;
  }
}
