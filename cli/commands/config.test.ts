import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { type Outcome, runSluice } from '../testing/run-sluice.ts';

const setUp = (context: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const environment = { STORE_URL: `file:${folder}/store` };
  return {
    folder,
    run: (args: readonly string[], input = ''): Promise<Outcome> =>
      runSluice(['config', ...args], { environment, input, isInteractive: true }),
  };
};

const draft = 'models:\n  churn:\n    default: 1.0.0\n    parameters: { proba_cutoff: 0.65 }\n';

test('an empty store has the built-in revision 0', async (t) => {
  const { run } = setUp(t);
  const { exitCode, stdout } = await run(['get']);
  assert.equal(exitCode, 0);
  assert.equal((parse(stdout) as { revision: number }).revision, 0);
});

test('what is applied is the newest, with who and why, and earlier ones can still be had', async (t) => {
  const { run } = setUp(t);
  assert.equal(
    (await run(['apply', '-f', '-', '--why', 'first'], draft)).stdout,
    'revision 1 is the newest now\n',
  );
  await run(['apply', '-f', '-', '-o', 'json'], 'models: {}');
  const newest = JSON.parse((await run(['get', '-o', 'json'])).stdout) as Record<string, unknown>;
  assert.equal(newest['revision'], 2);
  const first = parse((await run(['get', '--revision', '1'])).stdout) as Record<string, unknown>;
  assert.equal(first['why'], 'first');
  assert.match(String(first['who']), /.@./);
  assert.deepEqual(Object.keys(first['models'] as object), ['churn']);
});

test('what get prints can be applied again', async (t) => {
  const { run } = setUp(t);
  await run(['apply', '-f', '-'], draft);
  const { stdout } = await run(['get']);
  assert.equal((await run(['apply', '-f', '-'], stdout)).exitCode, 0);
});

test('a draft of an older revision is refused', async (t) => {
  const { run } = setUp(t);
  await run(['apply', '-f', '-'], draft);
  const { exitCode, stderr } = await run(['apply', '-f', '-'], `revision: 0\n${draft}`);
  assert.equal(exitCode, 1);
  assert.match(stderr, /\(ALREADY_EXISTS\)/);
});

test('an invalid draft is refused with each fault, and the store stays as it was', async (t) => {
  const { run } = setUp(t);
  const { exitCode, stderr } = await run(
    ['apply', '-f', '-'],
    'models: { churn: { default: 7, colour: red } }',
  );
  assert.equal(exitCode, 1);
  assert.match(stderr, /\(INVALID_INPUT\)\n {2}models\.churn/);
  assert.match(stderr, /^ {2}models\.churn\.default: /m);
  assert.equal((parse((await run(['get'])).stdout) as { revision: number }).revision, 0);
});

test('streams that could not work are refused with each fault, and the store stays as it was', async (t) => {
  const { folder, run } = setUp(t);
  mkdirSync(`${folder}/store/churn/1.0.0`, { recursive: true });
  const stream = '{ name: a, from: events, to: events, model: chun, version: 2.x }';
  const { exitCode, stderr } = await run(['apply', '-f', '-'], `streams: [${stream}]`);
  assert.equal(exitCode, 1);
  assert.match(stderr, /^sluice: 2 faults \(INVALID_INPUT\)\n {2}streams\.0\.to: events is a source/);
  assert.match(stderr, /^ {2}streams\.0\.model: .* did you mean 'churn'\?$/m);
  assert.equal((parse((await run(['get'])).stdout) as { revision: number }).revision, 0);
});

test('a file that is no YAML is wrong usage', async (t) => {
  const { run } = setUp(t);
  assert.equal((await run(['apply', '-f', '-'], 'a: [')).exitCode, 64);
});

test('a revision that does not exist is exit code 1', async (t) => {
  const { run } = setUp(t);
  const { exitCode, stderr } = await run(['get', '--revision', '7']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /has no revision 7 \(REVISION_NOT_FOUND\)/);
});

test('an unreadable newest revision is passed over aloud', async (t) => {
  const { folder, run } = setUp(t);
  await run(['apply', '-f', '-'], draft);
  mkdirSync(`${folder}/store/_revisions`, { recursive: true });
  writeFileSync(`${folder}/store/_revisions/000002.yaml`, 'revision: two');
  const { exitCode, stdout, stderr } = await run(['get']);
  assert.equal(exitCode, 0);
  assert.equal((parse(stdout) as { revision: number }).revision, 1);
  assert.match(stderr, /passed over: _revisions\/000002\.yaml/);
});

test('a store of an unknown kind is refused', async (t) => {
  const { run } = setUp(t);
  const { exitCode, stderr } = await run(['get', '--store', 'ftp://x']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /expected file:<folder>/);
});
