import { makeRoom, type Occupant, type Size, tooLarge } from '../core/loading/make-room.ts';
import type { HeldRelease } from './held-release.ts';
import type { HeldTable } from './held-table.ts';
import { Turns } from './turns.ts';

export interface RoomOptions {
  readonly table: HeldTable;
  readonly limits: Size;
  /** Whether a release is not to be unloaded for another one. */
  readonly stays: (handle: number) => boolean;
  readonly isBusy: (held: HeldRelease) => boolean;
  /** Lets a release go; resolves when it takes nothing any more. */
  readonly unload: (held: HeldRelease) => Promise<void>;
}

/** There is no room now; later there may be. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

interface Taken {
  readonly size: Size;
  readonly usedAt: number;
}

/** What the loaded releases take, within the limits: bytes and cells. */
export class Room {
  readonly #options: RoomOptions;
  readonly #taken = new Map<number, Taken>();
  /** One release after the other finds its place. */
  readonly #turns = new Turns();

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get takenBytes(): number {
    this.#forgetBroken();
    return this.#taken.values().reduce((sum, { size }) => sum + size.bytes, 0);
  }

  get freeBytes(): number {
    return Math.max(0, this.#options.limits.bytes - this.takenBytes);
  }

  /**
   * Takes a place for a release that is LOADING, after others have left for it.
   * @throws NoRoom, or Error when there never will be a place.
   */
  take(handle: number, size: Size): Promise<void> {
    return this.#turns.take('', async () => {
      const { limits, table, unload } = this.#options;
      const never = tooLarge(size, limits);
      if (never !== undefined) throw new Error(never);
      const room = makeRoom(this.#occupants(), size, limits);
      if ('reason' in room) throw new NoRoom(room.reason);
      const leaving = room.unload.flatMap((each) => table.byHandle(each) ?? []);
      await Promise.all(leaving.map(unload));
      this.#taken.set(handle, { size, usedAt: performance.now() });
    });
  }

  /** A release went into so many cells. */
  moved(handle: number, cells: number): void {
    const taken = this.#taken.get(handle);
    if (taken !== undefined) this.#taken.set(handle, { ...taken, size: { ...taken.size, cells } });
  }

  used(handle: number): void {
    const taken = this.#taken.get(handle);
    if (taken !== undefined) this.#taken.set(handle, { ...taken, usedAt: performance.now() });
  }

  /** A release has left. */
  free(handle: number): void {
    this.#taken.delete(handle);
  }

  #occupants(): Occupant[] {
    this.#forgetBroken();
    return [...this.#taken].flatMap(([handle, { size, usedAt }]) => {
      const held = this.#options.table.byHandle(handle);
      return held === undefined ? [] : [this.#occupant(held, size, usedAt)];
    });
  }

  #occupant(held: HeldRelease, size: Size, usedAt: number): Occupant {
    const { stays, isBusy } = this.#options;
    const { handle, state } = held;
    const isLoaded = state.kind === 'READY' || state.kind === 'IN_CELL' || state.kind === 'QUARANTINED';
    return { handle, size, usedAt, stays: !isLoaded || stays(handle), isBusy: isBusy(held) };
  }

  /** What its cells could not serve has left by itself. */
  #forgetBroken(): void {
    for (const handle of this.#taken.keys())
      if (this.#options.table.byHandle(handle)?.state.kind === 'UNAVAILABLE') this.#taken.delete(handle);
  }
}
