import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository } from './process.ts';
import { adminEnv, adminKey } from './publishing.ts';
import { noRecording, startRecording } from './recording.ts';
import { noScoring, startScoring } from './scoring.ts';
import { type RunningSluice, startSluice } from './sluice.ts';

/** A folder that looks like a checkout whose `npm start` runs, but on free ports. */
export interface Workshop extends AsyncDisposable {
  /** Writes a file, with the addresses of the running processes in place of the default ones. */
  put(path: string, text: string): Promise<void>;
  /**
   * Runs a shell command there; what it printed, with the default addresses again. What it has recorded is stored when
   * this is over, and what it has sent to a stream is scored, as if a person had typed.
   */
  run(command: string): Promise<string>;
}

/** What pages write to, or show files of, is not that of the repository. */
const isShared = (name: string): boolean => !name.startsWith('.') && name !== 'docs';

/** A command may start npm and Python, and a busy machine may take long for either. */
const commandMs = 300_000;

const swap = (text: string, pairs: readonly (readonly [from: string, to: string])[]): string =>
  pairs.reduce((swapped, [from, to]) => swapped.replaceAll(from, to), text);

const addressesOf = ({ gateway, runtimes }: RunningSluice): [string, string][] => [
  ['127.0.0.1:8000', new URL(gateway.http).host],
  ['127.0.0.1:8001', gateway.grpc],
  ['127.0.0.1:8002', new URL(gateway.metrics).host],
  ['127.0.0.1:8010', runtimes[0]?.grpc ?? ''],
  ['127.0.0.1:8012', runtimes[0]?.metrics ?? ''],
];

/** What both streams said, in their order, without npm's own remarks. */
const printedBy = (command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const child = spawn('sh', ['-c', `{ ${command}\n} 2>&1`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: commandMs,
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(printed.replaceAll(/^npm \w+ .*\n/gm, '')));
  });
};

export interface WorkshopOptions {
  /** Folders in front of the PATH, such as that of a Python. */
  readonly path: readonly string[];
  /** Whether predictions are recorded and stored. */
  readonly records: boolean;
  /** Whether streams are scored; then predictions are recorded, too. */
  readonly streams: boolean;
}

export const openWorkshop = async ({ path, records, streams }: WorkshopOptions): Promise<Workshop> => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-pages-'));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  for (const name of (await readdir(repository)).filter(isShared))
    await symlink(join(repository, name), join(folder, name));
  await cp(join(repository, 'models/store'), join(folder, '.sluice/store'), { recursive: true });
  // Where npm start would have put it.
  await writeFile(join(folder, '.sluice/admin-key'), adminKey);
  const recording = stack.use(
    await (records || streams ? startRecording(join(folder, '.sluice')) : noRecording),
  );
  const store = `file:${folder}/.sluice/store`;
  const sluice = stack.use(await startSluice({ store, env: { ...adminEnv, ...recording.env } }));
  const scored = { store, link: sluice.gateway.link, env: recording.env };
  const scoring = stack.use(await (streams ? startScoring(scored) : noScoring));
  const addresses = addressesOf(sluice);
  const back = addresses.map(([usual, real]) => [real, usual] as const);
  const { STORE_URL: _, SLUICE_HOME: __, EVENT_LOG_URL: ___, ...rest } = process.env;
  const { EVENT_LOG_URL } = recording.env;
  const env = {
    ...rest,
    ...(EVENT_LOG_URL === undefined ? {} : { EVENT_LOG_URL }),
    SLUICE_SERVER: sluice.gateway.http,
    PATH: [...path, process.env['PATH']].join(':'),
    // pip keeps its hands off the machine's own Python, and does not remark that there is a newer pip.
    PIP_REQUIRE_VIRTUALENV: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  };
  const owned = stack.move();
  return {
    put: async (file, text) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), swap(text, addresses));
    },
    run: async (command) => {
      const printed = await printedBy(swap(command, addresses), folder, env);
      await scoring.untilScored(sluice.gateway);
      await recording.untilStored(sluice.gateway);
      return swap(printed, back);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
