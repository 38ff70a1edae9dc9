import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { KnownEvent } from '../event-codec.ts';
import type { Asker, Scored } from '../gateway-link.ts';
import type { Slot } from './slot.ts';

/** What becomes of attempts. */
export interface Ends {
  readonly scored: (slot: Slot, event: KnownEvent, scored: Scored) => void;
  readonly failed: (slot: Slot, error: SluiceError) => void;
}

/** One attempt to score an event: all that is kept of it until it ends, and so no closures. */
export class Attempt implements Asker {
  readonly #slot: Slot;
  readonly #event: KnownEvent;
  readonly #ends: Ends;

  constructor(slot: Slot, event: KnownEvent, ends: Ends) {
    this.#slot = slot;
    this.#event = event;
    this.#ends = ends;
  }

  scored(scored: Scored): void {
    this.#ends.scored(this.#slot, this.#event, scored);
  }

  failed(error: SluiceError): void {
    this.#ends.failed(this.#slot, error);
  }
}
