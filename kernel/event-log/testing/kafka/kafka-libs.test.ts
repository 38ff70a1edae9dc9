import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { kafkaLibs, reasonToSkipKafka } from './kafka-libs.ts';

const temporary = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-libs-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** A program that does as little as is asked of it. */
const program = async (folder: string, name: string, lines: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${lines}\n`, { mode: 0o700 });
  return path;
};

test('without Java or Maven the reason says what was tried, and CI fails', async (t) => {
  const folder = await temporary(t);
  const java = await program(folder, 'java', 'exit 0');
  for (const [tools, reason] of [
    [{ java: 'no-such-java', maven: 'mvn' }, 'there is no Java (tried no-such-java)'],
    [{ java, maven: 'no-such-maven' }, 'there is no Maven (tried no-such-maven)'],
  ] as const) {
    const found = await kafkaLibs(tools, join(folder, 'libs'));
    assert.equal(reasonToSkipKafka(found, {}), `the tests on Kafka did not run: ${reason}`);
    assert.throws(() => reasonToSkipKafka(found, { CI: 'true' }), /the tests on Kafka did not run/);
  }
});

test('what cannot be fetched is a reason, and nothing stays behind', async (t) => {
  const folder = await temporary(t);
  const java = await program(folder, 'java', 'exit 0');
  const maven = await program(folder, 'mvn', '[ "$1" = --version ] || { echo "no network"; exit 1; }');
  const found = await kafkaLibs({ java, maven }, join(folder, 'libs'));
  assert.match(reasonToSkipKafka(found, {}) ?? '', /could not be fetched: no network$/);
  assert.deepEqual((await readdir(folder)).sort(), ['java', 'mvn']);
});

test('several that want it at once fetch it once, also after one that died while it fetched', async (t) => {
  const folder = await temporary(t);
  const java = await program(folder, 'java', 'exit 0');
  const fetch = `[ "$1" = --version ] || { echo fetched >> ${folder}/times; mkdir libs; }`;
  const maven = await program(folder, 'mvn', fetch);
  // Above what a process can have.
  await writeFile(join(folder, 'libs.lock'), '99999999');
  const wanted = join(folder, 'libs');
  const found = await Promise.all([0, 1, 2].map(() => kafkaLibs({ java, maven }, wanted)));
  assert.deepEqual(found, Array(3).fill({ folder: wanted }));
  assert.equal(await readFile(join(folder, 'times'), 'utf8'), 'fetched\n');
});
