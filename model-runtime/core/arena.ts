/** Memory for the inputs of one batch, used again for the next. */
export interface Arena {
  /** Room for that many bytes, aligned for every datatype, with whatever it held before; until the next reset. */
  take(bytes: number): Uint8Array;
  /** Begins the next batch; everything taken before is invalid. */
  reset(): void;
  /** Bytes that are kept. */
  readonly capacity: number;
}

/** Bytes that are kept at most. What a batch needs beyond them is allocated for it alone. */
export const maxArenaBytes = 16 * 1024 * 1024;
const firstBytes = 64 * 1024;
/** A cache line; no datatype needs more than 8. */
const alignment = 64;

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** An arena that doubles when a batch did not fit, up to its bound. */
export const createArena = (maxBytes: number = maxArenaBytes): Arena => {
  let memory = new ArrayBuffer(0);
  let used = 0;
  return {
    take(bytes) {
      const at = used;
      used = aligned(used + bytes);
      return at + bytes <= memory.byteLength ? new Uint8Array(memory, at, bytes) : new Uint8Array(bytes);
    },
    reset() {
      if (used > memory.byteLength && memory.byteLength < maxBytes) {
        let capacity = Math.max(firstBytes, memory.byteLength);
        while (capacity < used) capacity *= 2;
        memory = new ArrayBuffer(Math.min(capacity, maxBytes));
      }
      used = 0;
    },
    get capacity() {
      return memory.byteLength;
    },
  };
};
