/** npm passes a signal on that the terminal has sent to the whole group already: both count as one. */
const SAME_SIGNAL_MS = 300;

type SignalSource = Pick<NodeJS.EventEmitter, 'on'>;

/**
 * The process's signals as two abort signals: SIGINT, SIGTERM and SIGHUP (the terminal was closed) ask for
 * an orderly stop; a later SIGINT kills.
 */
export const stopSignals = (
  source: SignalSource = process,
  now: () => number = () => performance.now(),
): { stop: AbortSignal; kill: AbortSignal } => {
  const stop = new AbortController();
  const kill = new AbortController();
  let stoppedAt = 0;
  const ask = (name: NodeJS.Signals): void => {
    if (!stop.signal.aborted) {
      stoppedAt = now();
      stop.abort(name);
    } else if (name === 'SIGINT' && now() - stoppedAt > SAME_SIGNAL_MS) {
      kill.abort(name);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) source.on(name, () => ask(name));
  return { stop: stop.signal, kill: kill.signal };
};
