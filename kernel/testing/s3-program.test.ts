import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { reasonToSkipS3, s3Program } from './s3-program.ts';

const temporary = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-program-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

test('without Go the reason says what was tried', async (t) => {
  const found = await s3Program(['no-such-go'], join(await temporary(t), 'v'));
  assert.equal(reasonToSkipS3(found, {}), 'the tests on S3 did not run: there is no Go (tried no-such-go)');
});

test('without Go CI fails', async (t) => {
  const found = await s3Program(['no-such-go'], join(await temporary(t), 'v'));
  assert.throws(() => reasonToSkipS3(found, { CI: 'true' }), /there is no Go/);
});

test('with the program nothing is skipped, in CI and elsewhere', () => {
  for (const CI of ['', 'true']) assert.equal(reasonToSkipS3({ program: 'versitygw' }, { CI }), undefined);
});

test('a build that fails is a reason, and nothing stays behind', async (t) => {
  const folder = await temporary(t);
  const go = join(folder, 'go');
  await writeFile(go, '#!/bin/sh\n[ "$1" = version ] || { echo "no network" >&2; exit 1; }\n', {
    mode: 0o700,
  });
  const found = await s3Program([go], join(folder, 'v'));
  assert.match(reasonToSkipS3(found, {}) ?? '', /versitygw could not be built: no network$/);
  assert.deepEqual(await readdir(folder), ['go']);
});

test('two that build at once get one program, and leave nothing else', async (t) => {
  const folder = await temporary(t);
  const go = join(folder, 'go');
  await writeFile(go, '#!/bin/sh\n[ "$1" = version ] || echo built > "$GOBIN/versitygw"\n', { mode: 0o700 });
  const build = () => s3Program([go], join(folder, 'v'));
  const [one, other] = await Promise.all([build(), build()]);
  assert.deepEqual([one, other], [{ program: join(folder, 'v/versitygw') }, one]);
  assert.deepEqual((await readdir(folder)).sort(), ['go', 'v']);
});
