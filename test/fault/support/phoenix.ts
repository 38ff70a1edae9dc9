import type { Phoenix } from '../../support/records.ts';

export type Revived<R> = Phoenix & {
  /** The newest life. */
  readonly running: R;
};

/** kill -9 and a new start of whatever `launch` starts. */
export const phoenix = async <R extends { signal(name: 'SIGKILL'): void; readonly exited: Promise<unknown> }>(
  launch: () => Promise<R>,
): Promise<Revived<R>> => {
  let running = await launch();
  return {
    get running() {
      return running;
    },
    kill: async () => {
      running.signal('SIGKILL');
      await running.exited;
    },
    restart: async () => {
      running = await launch();
    },
  };
};
