/** What a loaded release takes. */
export interface Size {
  /** Memory, as `loadedBytes` estimates it. */
  readonly bytes: number;
  readonly cells: number;
}

/** A release that is loaded, or about to be. */
export interface Occupant {
  readonly handle: number;
  readonly size: Size;
  /** The revision or somebody's hand wants it here; or it is loading, or leaving. */
  readonly stays: boolean;
  /** Somebody waits for its answer. */
  readonly isBusy: boolean;
  /** When it last computed, or was loaded; any clock. */
  readonly usedAt: number;
}

/** Handles to unload first, or why there is no room. */
export type Room = { readonly unload: readonly number[] } | { readonly reason: string };

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const sum = (sizes: readonly Size[]): Size =>
  sizes.reduce((all, { bytes, cells }) => ({ bytes: all.bytes + bytes, cells: all.cells + cells }), {
    bytes: 0,
    cells: 0,
  });

const noRoom = ({ bytes, cells }: Size, taken: Size, limits: Size): string =>
  bytes + taken.bytes > limits.bytes
    ? `no room for ${mebibytes(bytes)}: ${mebibytes(taken.bytes)} of ${mebibytes(limits.bytes)} (MAX_LOADED_BYTES) are taken by releases that stay or are busy`
    : `no room for ${cells} more cells: ${taken.cells} of ${limits.cells} (MAX_CELLS) are taken by releases that stay or are busy`;

/** Why a release can never be held; undefined: it can, if others leave. */
export const tooLarge = ({ bytes, cells }: Size, limits: Size): string | undefined => {
  if (bytes > limits.bytes)
    return `it takes ${mebibytes(bytes)}, more than all that may be loaded: ${mebibytes(limits.bytes)} (MAX_LOADED_BYTES)`;
  if (cells > limits.cells) return `it wants ${cells} cells, there may be ${limits.cells} (MAX_CELLS)`;
  return undefined;
};

/** Which releases leave for one that wants so much: the least recently used of those that may. */
export const makeRoom = (occupants: readonly Occupant[], wanted: Size, limits: Size): Room => {
  const unload: number[] = [];
  let taken = sum(occupants.map(({ size }) => size));
  const lacksBytes = (): boolean => taken.bytes + wanted.bytes > limits.bytes;
  const lacksCells = (): boolean => wanted.cells > 0 && taken.cells + wanted.cells > limits.cells;
  const leaving = occupants
    .filter(({ stays, isBusy }) => !stays && !isBusy)
    .toSorted((a, b) => a.usedAt - b.usedAt);
  for (const { handle, size } of leaving) {
    if (!lacksBytes() && !lacksCells()) break;
    if (!lacksBytes() && size.cells === 0) continue;
    unload.push(handle);
    taken = { bytes: taken.bytes - size.bytes, cells: taken.cells - size.cells };
  }
  return lacksBytes() || lacksCells() ? { reason: noRoom(wanted, taken, limits) } : { unload };
};
