import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conformanceVenv } from '../conformance/venv.ts';
import { repository } from '../support/process.ts';
import type { Question } from './load/question.ts';
import type { System } from './systems/system.ts';
import { type SystemName, startCollector, systems } from './systems/systems.ts';

/** What a row has to work with. */
export interface Bench extends AsyncDisposable {
  /** How long one measurement is to take. */
  readonly seconds: number;
  /** Requests of the row that looks at memory. */
  readonly memoryRequests: number;
  /** A temporary folder. */
  readonly folder: string;
  /** Started when it is first asked for. */
  system(name: SystemName): Promise<System>;
  /** Asks a system for longer than a measurement, so that its code is compiled; once for each kind of question. */
  warmUp(name: SystemName, question: Question, load: (seconds: number) => Promise<unknown>): Promise<void>;
  /** The collector of traced systems. */
  collector(): Promise<string>;
  /** The file that holds the body of a question. */
  bodyOf(question: Question): Promise<string>;
}

export interface BenchOptions {
  readonly seconds: number;
  readonly memoryRequests: number;
  readonly say: (line: string) => void;
}

/** A fresh Node process becomes faster for about fifty thousand requests. */
const warmUpTimes = 2;

const requirements = join(import.meta.dirname, 'python/requirements.txt');
const cache = join(repository, 'node_modules/.cache/sluice-bench');

const pythonOf = async (say: BenchOptions['say']): Promise<string> => {
  say('MLServer: its virtual environment (made once, about a minute)');
  const venv = await conformanceVenv({ requirements, cache });
  if ('python' in venv) return venv.python;
  throw new Error(`MLServer cannot run: ${venv.missing} (Debian: apt install python3 python3-venv)`);
};

/** Each value is made once, by the first who asks. */
const onceEach = <K, V>(make: (key: K) => Promise<V>): ((key: K) => Promise<V>) => {
  const made = new Map<K, Promise<V>>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
};

/** Disposing it ends every process that it has started. */
export const openBench = async ({ seconds, memoryRequests, say }: BenchOptions): Promise<Bench> => {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const once = onceEach((what: 'python' | 'collector') =>
    what === 'python' ? pythonOf(say) : startCollector(stack),
  );
  const collector = () => once('collector');
  const around = { python: () => once('python'), collector };
  const system = onceEach(async (name: SystemName) => {
    say(`starting ${name}`);
    return stack.use(await systems[name](around));
  });
  const warm = new Set<string>();
  const warmUp: Bench['warmUp'] = async (name, { path }, load) => {
    const what = `${name}: ${path}`;
    if (warm.has(what)) return;
    warm.add(what);
    say(`warming up ${what}`);
    await load(seconds * warmUpTimes);
  };
  const bodyOf = onceEach(async ({ name, body }: Question) => {
    const path = join(folder, `${name}.body`);
    await writeFile(path, body);
    return path;
  });
  return {
    seconds,
    memoryRequests,
    folder,
    system,
    warmUp,
    collector,
    bodyOf,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
