import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const program = join(import.meta.dirname, 'testing/fill-spool.ts');

const temporaryFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-spool-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const assertFilled = (stdout: string, message: RegExp): void => {
  const { error, ...others } = JSON.parse(stdout);
  assert.deepEqual(others, { filled: true, missing: [0, 0], lost: 0 });
  assert.equal(error.code, 'SPOOL_FULL');
  assert.match(error.message, message);
};

/** A disk of four megabytes, half of it taken, needs a namespace of its own for mounts, which not every machine allows. */
const onSmallDisk =
  'mount -t tmpfs -o size=4m tmpfs "$1" && head -c 2000000 /dev/zero >"$1/room" && exec "$2" "$3" "$1" "$1/room"';
const unshare = (folder: string, command: string, script: string) =>
  spawnSync(
    'unshare',
    ['--map-root-user', '--mount', 'sh', '-c', onSmallDisk, 'sh', folder, command, script],
    { encoding: 'utf8' },
  );

test('a full disk refuses entries and ends nobody; what was kept is there, and with room it goes on', async (t) => {
  const folder = await temporaryFolder(t);
  if (unshare(folder, 'true', '').status !== 0) {
    t.skip('this machine does not allow mounts');
    return;
  }
  const { stdout, stderr } = unshare(folder, process.execPath, program);
  assert.equal(stderr, '');
  assertFilled(stdout, /the record cannot be kept: the disk is full/);
});

test('a file that may not grow refuses entries and ends nobody', async (t) => {
  const folder = await temporaryFolder(t);
  // Without the trap the signal of the limit ends the process; blocks are of 512 bytes.
  const limited = 'trap "" XFSZ && ulimit -f 2000 && exec "$1" "$2" "$3"';
  const { stdout, stderr } = spawnSync('sh', ['-c', limited, 'sh', process.execPath, program, folder], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assertFilled(stdout, /the record cannot be kept: a file may not grow further/);
});
