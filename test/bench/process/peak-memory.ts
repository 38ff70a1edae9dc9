import { memoryOf } from './memory.ts';

const lookMs = 20;

/** Looks at a process until it is disposed. */
export interface PeakMemory extends Disposable {
  /** The most anonymous memory that was seen, in MiB. */
  readonly anonymous: number;
}

export const watchPeakMemory = (pid: number): PeakMemory => {
  let peak = memoryOf(pid).anonymous;
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOf(pid).anonymous);
  }, lookMs);
  return {
    get anonymous() {
      return peak;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
};
