import { join, resolve } from 'node:path';
import { awaitReady } from '../start/await-ready.ts';
import { describeEnding, endGently, type Life, spawnProcess } from '../start/spawn-process.ts';
import { splitLines } from '../start/split-lines.ts';

export interface StartOptions {
  readonly storeUrl: string;
  /** A folder for state. */
  readonly home: string;
  /** Ends the wait until all is ready. */
  readonly signal: AbortSignal;
  /** Kills the processes at once. */
  readonly kill: AbortSignal;
}

/** A runtime and a gateway over a store of their own. */
export interface RunningSluice extends AsyncDisposable {
  /** host:port of the gateway's gRPC door. */
  readonly grpc: string;
  /** Aborted when one of the programs ended by itself; its reason says how. */
  readonly lost: AbortSignal;
}

/** What the processes see of the user's environment: a test comes out the same, whatever else is set. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH'];
const DRAIN_MS = 1000;
const GRACE_MS = 5000;
/** Lines that a failure to start shows. */
const LAST_LINES = 3;

type Fields = Readonly<Record<string, unknown>>;

const parse = (line: string): Fields => {
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return { msg: line };
  }
};

/** One of the programs, as far as this test needs it. */
interface Program extends AsyncDisposable {
  /** The fields of the line that says where it listens. */
  readonly listening: Promise<Fields>;
}

interface ProgramOptions {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly kill: AbortSignal;
  /** Told once, when it ends without being asked to: how, and what it said last. */
  readonly onEnded: (error: Error) => void;
}

const repository = resolve(import.meta.dirname, '../..');
const inherited = () => Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));

const startProgram = ({ name, environment, kill, onEnded }: ProgramOptions): Program => {
  const life = spawnProcess({ main: join(repository, name, 'main.ts'), environment }, inherited());
  kill.addEventListener('abort', () => life.kill('SIGKILL'), { once: true });
  const { promise: listening, resolve: told } = Promise.withResolvers<Fields>();
  const last: string[] = [];
  const follow = async (source: Life['stdout']): Promise<void> => {
    for await (const line of splitLines(source)) {
      const fields = parse(line);
      last.push(String(fields['msg'] ?? line));
      if (last.length > LAST_LINES) last.shift();
      if (fields['msg'] === 'listening') told(fields);
    }
  };
  const followed = Promise.allSettled([follow(life.stdout), follow(life.stderr)]);
  let isAsked = false;
  const ended = Promise.all([life.ended, followed]).then(([ending]) => {
    const words = [`the ${name} ${describeEnding(ending)}`, ...(last.length > 0 ? [last.join('; ')] : [])];
    if (!isAsked) onEnded(new Error(words.join(': ')));
  });
  return {
    listening,
    [Symbol.asyncDispose]: async () => {
      isAsked = true;
      await endGently(life, GRACE_MS, () => undefined);
      await ended;
    },
  };
};

/**
 * Starts both programs, as `sluice start` does, on ports that the system chooses, and waits until they are ready.
 * @throws Error saying how one of them ended; the signal's reason.
 */
export const startSluice = async ({ storeUrl, home, signal, kill }: StartOptions): Promise<RunningSluice> => {
  await using stack = new AsyncDisposableStack();
  const loss = new AbortController();
  const waiting = AbortSignal.any([signal, loss.signal]);
  const start = async (name: string, more: Readonly<Record<string, string>>): Promise<Fields> => {
    waiting.throwIfAborted();
    const ports = { GRPC_PORT: '0', METRICS_PORT: '0' };
    const shared = { SLUICE_HOME: home, STORE_URL: storeUrl, DRAIN_MS: String(DRAIN_MS) };
    const environment = { ...shared, ...ports, ...more };
    const onEnded = (error: Error): void => loss.abort(error);
    const program = stack.use(startProgram({ name, environment, kill, onEnded }));
    return orAborted(program.listening, waiting);
  };
  const runtime = await start('model-runtime', {});
  const gateway = await start('gateway', {
    HTTP_PORT: '0',
    LINK_PORT: '0',
    RUNTIME_URLS: String(runtime['grpc']),
  });
  const healthUrl = `http://${String(gateway['http'])}/readyz`;
  await awaitReady({ healthUrl, signal: waiting, onSlow: () => undefined });
  waiting.throwIfAborted();
  const started = stack.move();
  return {
    grpc: String(gateway['grpc']),
    lost: loss.signal,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
};

const orAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
};
