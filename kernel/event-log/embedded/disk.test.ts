import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { open } from 'lmdb';
import { collect } from '../testing/collect.ts';
import { temporaryLog } from '../testing/embedded-log.ts';
import { eventually } from '../testing/eventually.ts';
import { message, newTopic, numbered, sendAll } from '../testing/messages.ts';
import { openEmbeddedLog } from './open-embedded-log.ts';

/** What lmdb does with disk and memory, as tables.ts says. */

const programAt = (name: string): string => join(import.meta.dirname, '../testing', name);

/** A disk of four megabytes, half of it taken, needs a namespace of its own for mounts, which not every machine allows. */
const onSmallDisk =
  'mount -t tmpfs -o size=4m tmpfs "$1" && head -c 2000000 /dev/zero >"$1/room" && exec "$2" "$3" "$1" "$1/room"';
const unshare = (folder: string, program: string, script: string) =>
  spawnSync(
    'unshare',
    ['--map-root-user', '--mount', 'sh', '-c', onSmallDisk, 'sh', folder, program, script],
    { encoding: 'utf8' },
  );

const temporaryFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-log-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

test('a full disk is said in words and ends nobody; what was stored is read, and with room it goes on', async (t) => {
  const folder = await temporaryFolder(t);
  if (unshare(folder, 'true', '').status !== 0) {
    t.skip('this machine does not allow mounts');
    return;
  }
  const { stdout, stderr } = unshare(folder, process.execPath, programAt('fill-log.ts'));
  assert.equal(stderr, '');
  const { error, ...others } = JSON.parse(stdout);
  assert.deepEqual(others, { filled: true, read: 0, last: 'after' });
  assert.equal(error.code, 'EVENT_LOG_UNAVAILABLE');
  assert.match(error.message, /lmdb:.* cannot be written or read: the disk .*full/);
});

test('a reader that is killed does not let the file grow', { timeout: 60_000 }, async (t) => {
  const { log, folder } = await temporaryLog(t, { upkeepMs: 20 });
  const topic = await newTopic(log, 1, { 'retention.bytes': '200000' });
  await sendAll(log, { topic, messages: numbered('a', 0, 2_000) });
  const readers = Array.from({ length: 2 }, () =>
    spawn(process.execPath, [programAt('log-reader.ts'), log.url, topic], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  for (const reader of readers) {
    await once(reader.stdout, 'data');
    reader.kill('SIGKILL');
    await once(reader, 'exit');
  }
  const value = Buffer.alloc(10_000, 'x');
  for (let round = 0; round < 60; round += 1) {
    await sendAll(log, { topic, messages: Array.from({ length: 30 }, () => message('a', '', { value })) });
    await eventually('the retention', async () => {
      const [{ first = 0n, next = 0n } = {}] = await log.admin.ranges(topic);
      return next - first < 60n;
    });
  }
  const { size } = await stat(join(folder, 'data.mdb'));
  assert.ok(size < 12_000_000, `${size} bytes, of 18 MB that were written`);
});

const anonymousBytes = async (): Promise<number> => {
  const status = await readFile('/proc/self/status', 'utf8');
  return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
};

test('reading much takes no memory but for the pages of the file', async (t) => {
  if (process.platform !== 'linux') {
    t.skip('only Linux says which memory is anonymous');
    return;
  }
  const { log } = await temporaryLog(t);
  const topic = await newTopic(log);
  const value = Buffer.alloc(10_000, 'x');
  const messages = Array.from({ length: 500 }, () => message('a', '', { value }));
  for (let round = 0; round < 40; round += 1) await sendAll(log, { topic, messages });
  const before = await anonymousBytes();
  let [count, most] = [0, 0];
  await using _ = await collect(log, {
    topics: [topic],
    work: async (partition) => {
      for await (const batch of partition.batches()) {
        count += batch.length;
        most = Math.max(most, await anonymousBytes());
      }
    },
  });
  await eventually('all', () => count === 20_000);
  assert.ok(most - before < 100_000_000, `${most - before} bytes more, for 200 MB that were read`);
});

test('a log of another format is refused, and told', async (t) => {
  const folder = await temporaryFolder(t);
  await (await openEmbeddedLog(`lmdb:${folder}`))[Symbol.asyncDispose]();
  const file = open<Buffer, Buffer>(folder, { noSubdir: false, encoding: 'binary', keyEncoding: 'binary' });
  const about = file.openDB('about', { encoding: 'binary', keyEncoding: 'binary' });
  about.putSync(Buffer.from('format'), Buffer.from([2]));
  await file.close();
  await assert.rejects(openEmbeddedLog(`lmdb:${folder}`), {
    code: 'EVENT_LOG_UNAVAILABLE',
    message: `lmdb:${folder} has format 2; this version of Sluice reads and writes format 1`,
  });
});

test('a folder that cannot be is told', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'file'), '');
  await assert.rejects(openEmbeddedLog(`lmdb:${folder}/file/below`), { code: 'EVENT_LOG_UNAVAILABLE' });
});

test('with fsync each write is on the disk', async (t) => {
  const folder = await temporaryFolder(t);
  await using log = await openEmbeddedLog(`lmdb:${folder}?fsync=true`);
  const topic = await newTopic(log);
  await sendAll(log, { topic, messages: numbered('a', 0, 3) });
  assert.deepEqual(await log.admin.ranges(topic), [{ partition: 0, first: 0n, next: 3n }]);
});
