import { Worker } from 'node:worker_threads';
import { messageOf } from '../../errors/message-of.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Report, Shipper, Source } from './source.ts';
import type { Answer, Order, ThreadData } from './thread-messages.ts';

export interface ThreadOptions {
  readonly data: Omit<ThreadData, 'bell'>;
  /** All that is to be shipped, as it is now: a thread that takes the place of another one is told it. */
  readonly sources: () => readonly Source[];
  readonly report: (report: Report) => void;
  readonly log: Log;
}

const restartMs = 1_000;
/** Beyond the time to drain, until a thread that does not end is ended. */
const graceMs = 2_000;

/** Ships in a thread of its own, and in another one if that fails. */
export const startThread = ({ data, sources, report, log }: ThreadOptions): Shipper => {
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const removing = new Map<string, () => void>();
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosing = false;
  let hasFailed = false;
  let ended = Promise.withResolvers<void>();

  const hear = (answer: Answer): void => {
    if (answer.kind === 'removed') {
      removing.get(answer.id)?.();
      removing.delete(answer.id);
      return;
    }
    if (answer.kind === 'shipped' && hasFailed) log.info('the thread that ships records works again');
    if (answer.kind === 'shipped') hasFailed = false;
    report(answer);
  };
  const fail = (error: unknown): void => {
    if (!hasFailed)
      log.error({ reason: messageOf(error) }, 'the thread that ships records failed and is restarted');
    hasFailed = true;
  };
  const end = (): void => {
    worker = undefined;
    for (const resolve of removing.values()) resolve();
    removing.clear();
    ended.resolve();
    if (!isClosing) timer = setTimeout(start, restartMs);
  };
  const order = (what: Order): void => worker?.postMessage(what);
  const start = (): void => {
    ended = Promise.withResolvers<void>();
    Atomics.store(bell, 0, 0);
    worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { ...data, bell } });
    worker.on('message', hear).on('error', fail).on('exit', end);
    for (const source of sources()) order({ kind: 'add', source });
  };
  start();

  return {
    add: (source) => order({ kind: 'add', source }),
    extend: (id, segment) => order({ kind: 'extend', id, segment }),
    remove: async (id) => {
      if (worker === undefined) return;
      const removed = Promise.withResolvers<void>();
      removing.set(id, removed.resolve);
      order({ kind: 'remove', id });
      await removed.promise;
    },
    wake: () => {
      if (Atomics.compareExchange(bell, 0, 1, 0) === 1) order({ kind: 'wake' });
    },
    close: async (drainMs) => {
      isClosing = true;
      clearTimeout(timer);
      if (worker === undefined) return;
      const ending = worker;
      const late = setTimeout(() => void ending.terminate(), drainMs + graceMs);
      order({ kind: 'close', drainMs });
      await ended.promise;
      clearTimeout(late);
    },
  };
};
