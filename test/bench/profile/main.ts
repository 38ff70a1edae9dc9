import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../support/wait-for.ts';
import { runH2load } from '../load/h2load.ts';
import { inferTrees, inferTreesStream } from '../load/infer-questions.ts';
import type { Question } from '../load/question.ts';
import { inFlight, type Shape } from '../load/run-question.ts';
import { treesRelease } from '../model/trees.ts';
import { startSluiceSystem } from '../systems/sluice.ts';
import type { System } from '../systems/system.ts';
import { type CpuProfile, sharesOf } from './shares.ts';

/**
 * `npm run bench:profile [unary|rows|stream]`: where the gateway's time goes with 64 requests of one row or of 32 in
 * flight, or with four streams of a thousand messages; docs/performance.md has the table.
 */

const seconds = 10;

const kinds: Readonly<Record<string, Shape & { readonly question: Question }>> = {
  unary: { ...inFlight(64), question: inferTrees(1) },
  rows: { ...inFlight(64), question: inferTrees(32) },
  stream: { ...inFlight(4), question: inferTreesStream(1_000) },
};

const [name = 'unary'] = process.argv.slice(2);
const kind = kinds[name];
if (kind === undefined) throw new Error(`there is ${Object.keys(kinds).join(', ')}, and no ${name}`);
const { question, ...shape } = kind;

const load = async ({ grpc }: System, folder: string): Promise<void> => {
  const { path, headers, body: bytes, messages } = question;
  const body = join(folder, 'body');
  await writeFile(body, bytes);
  const { perSecond } = await runH2load({
    ...shape,
    url: `http://${grpc}${path}`,
    headers,
    body,
    until: { seconds },
  });
  console.log(`${Math.round(perSecond * messages)} messages/s, which the profiler makes fewer\n`);
};

/** Node writes the profile of a process when it exits. */
const profileOf = async ({ processes }: System, folder: string): Promise<CpuProfile> => {
  const gateway = processes.find(({ part }) => part === 'gateway');
  if (gateway === undefined) throw new Error('the system has no gateway');
  process.kill(gateway.pid, 'SIGTERM');
  const name = await waitFor('the profile of the gateway', async () =>
    (await readdir(folder)).find((each) => each.includes(`.${gateway.pid}.`)),
  );
  const read = async () => {
    try {
      return JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile;
    } catch {
      return undefined;
    }
  };
  return waitFor('the whole of it', read);
};

const folder = await mkdtemp(join(tmpdir(), 'sluice-profile-'));
try {
  const flags = `--cpu-prof --cpu-prof-dir=${folder}`;
  await using system = await startSluiceSystem({ files: treesRelease(), env: { NODE_OPTIONS: flags } });
  await load(system, folder);
  // The start, and the first half of the load, in which the code became fast, are left out.
  for (const { part, share } of sharesOf(await profileOf(system, folder), (seconds * 1e6) / 2))
    console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${part}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
