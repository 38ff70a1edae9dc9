import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';

export interface Bounds {
  /** Longest wait for the next message. */
  readonly silenceMs: number;
  /** Longest time for all of them. */
  readonly totalMs: number;
  /** Aborted when nobody wants them any more, with the reason. */
  readonly signal: AbortSignal;
}

const late = (what: string, ms: number): SluiceError =>
  new SluiceError('DEADLINE_EXCEEDED', `${what} did not come within ${ms} ms; nothing was published`);

/** Aborts when a time is over. */
const alarm = (ms: number, error: () => SluiceError): { readonly signal: AbortSignal } & Disposable => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(error()), ms);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
};

const nextOf = async <T>(
  iterator: AsyncIterator<T>,
  over: AbortSignal,
  silenceMs: number,
): Promise<IteratorResult<T>> => {
  using silence = alarm(silenceMs, () => late('the next message of the package', silenceMs));
  const ended = Promise.withResolvers<never>();
  const signal = AbortSignal.any([over, silence.signal]);
  const end = (): void => ended.reject(fromUnknown(signal.reason));
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return await Promise.race([iterator.next(), ended.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
};

/** The same messages; ends with an error when one, or all of them, take too long, and with the signal's reason. */
export async function* bounded<T>(messages: AsyncIterable<T>, bounds: Bounds): AsyncGenerator<T> {
  const { silenceMs, totalMs, signal } = bounds;
  using total = alarm(totalMs, () => late('the package', totalMs));
  const over = AbortSignal.any([signal, total.signal]);
  const iterator = messages[Symbol.asyncIterator]();
  for (;;) {
    const next = await nextOf(iterator, over, silenceMs);
    if (next.done === true) return;
    yield next.value;
  }
}
