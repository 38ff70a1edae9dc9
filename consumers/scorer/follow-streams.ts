import type { StreamSettings } from '@sluice/kernel/revision/stream-settings';
import type { Log } from '@sluice/kernel/telemetry/log';

/** A stream that runs, waits, or has come to its end. */
export interface RunningStream extends AsyncDisposable {
  readonly name: string;
}

export interface FollowedStreams<T extends RunningStream> extends AsyncDisposable {
  /** Puts the streams of a revision in force: each is begun, stopped, or stopped and begun anew, by itself. */
  apply(streams: readonly StreamSettings[]): void;
  running(): readonly T[];
}

/**
 * Runs the streams of the newest revision that was applied. A stream of which something changed is stopped before it is
 * begun anew: it goes on at its committed place.
 */
export const followStreams = <T extends RunningStream>(
  begin: (settings: StreamSettings) => T,
  log: Log,
): FollowedStreams<T> => {
  let wanted = new Map<string, { readonly text: string; readonly settings: StreamSettings }>();
  const running = new Map<string, { readonly text: string; readonly stream: T }>();
  const settling = new Map<string, Promise<void>>();

  /** Until what runs under a name is what is wanted, which may change meanwhile. */
  const settle = async (name: string): Promise<void> => {
    for (;;) {
      const [want, have] = [wanted.get(name), running.get(name)];
      if (want?.text === have?.text) return;
      if (have === undefined) {
        if (want === undefined) return;
        running.set(name, { text: want.text, stream: begin(want.settings) });
        log.info({ stream: name }, `stream ${name} begins`);
        continue;
      }
      log.info({ stream: name }, `stream ${name} stops: ${want === undefined ? 'removed' : 'changed'}`);
      await have.stream[Symbol.asyncDispose]();
      running.delete(name);
    }
  };
  const settleOnce = (name: string): void => {
    if (settling.has(name)) return;
    const work = settle(name)
      .catch((err) => log.error({ err, stream: name }, `stream ${name} cannot be changed`))
      .finally(() => settling.delete(name));
    settling.set(name, work);
  };
  const apply = (streams: readonly StreamSettings[]): void => {
    wanted = new Map(
      streams.map((settings) => [settings.name, { text: JSON.stringify(settings), settings }]),
    );
    for (const name of new Set([...wanted.keys(), ...running.keys()])) settleOnce(name);
  };
  return {
    apply,
    running: () => [...running.values()].map(({ stream }) => stream),
    [Symbol.asyncDispose]: async () => {
      apply([]);
      await Promise.all(settling.values());
    },
  };
};
