import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runSluice } from '../testing/run-sluice.ts';
import { standInGateway } from '../testing/stand-in-gateway.ts';

const answer = {
  predictionId: '0193-x',
  release: { name: 'churn', version: '1.1.0', digest: 'sha256:ab' },
  prediction: { outputs: { churn_probability: 0.71, churn: 'yes', interval: { lower: 1, upper: 2 } } },
  timings: { queueMs: 0.1, computeMs: 0.2, totalMs: 0.9 },
  traceId: 'abc',
};
const path = 'POST /v1/models/churn:predict';

test('predict --set sends JSON where it is JSON, and strings else', async (t) => {
  const { url, asked } = await standInGateway(t, { [path]: [200, answer] });
  const sets = [
    '--set',
    'tenure=5',
    '--set',
    'partner=true',
    '--set',
    'contract=One year',
    '--set',
    'a="5"',
    '--set',
    'b=x=y',
  ];
  const { exitCode, stdout } = await runSluice(['predict', 'churn', ...sets, '--server', url]);
  assert.equal(exitCode, 0);
  assert.deepEqual(asked[0]?.body, {
    features: { tenure: 5, partner: true, contract: 'One year', a: '5', b: 'x=y' },
  });
  assert.deepEqual(JSON.parse(stdout), answer);
});

test('predict takes several features behind one --set', async (t) => {
  const { url, asked } = await standInGateway(t, { [path]: [200, answer] });
  await runSluice(['predict', 'churn', '--set', 'tenure=5', 'partner=null', '--server', url]);
  assert.deepEqual(asked[0]?.body, { features: { tenure: 5, partner: null } });
});

test('predict -f reads a file, and --set wins over it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-predict-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'features.json'), '{"tenure": 5, "gender": "Male"}');
  const { url, asked } = await standInGateway(t, { [path]: [200, answer] });
  const file = join(folder, 'features.json');
  await runSluice([
    'predict',
    'churn',
    '-f',
    file,
    '--set',
    'tenure=6',
    '--entity-id',
    'c-1',
    '--server',
    url,
  ]);
  assert.deepEqual(asked[0]?.body, { features: { tenure: 6, gender: 'Male' }, entityId: 'c-1' });
});

test('predict -f - reads stdin, and --version names the release', async (t) => {
  const versioned = 'POST /v1/models/churn/versions/1.0.0:predict';
  const { url, asked } = await standInGateway(t, { [versioned]: [200, answer] });
  const args = ['predict', 'churn', '-f', '-', '--version', '1.0.0', '--server', url];
  assert.equal((await runSluice(args, { input: '{"tenure": 5}' })).exitCode, 0);
  assert.deepEqual(asked[0]?.body, { features: { tenure: 5 } });
});

for (const input of ['', '[1]', '{"tenure":', 'null']) {
  test(`predict refuses stdin that is no JSON object: ${JSON.stringify(input)}`, async () => {
    const { exitCode, stderr } = await runSluice(['predict', 'churn', '-f', '-'], {
      input,
      isInteractive: true,
    });
    assert.equal(exitCode, 64);
    assert.match(stderr, /^sluice: -(: expected a JSON object| is not JSON)/);
  });
}

test('predict as a table shows outputs, release and ids', async (t) => {
  const { url } = await standInGateway(t, { [path]: [200, answer] });
  const { stdout } = await runSluice(['predict', 'churn', '--set', 'tenure=5', '--server', url], {
    isInteractive: true,
  });
  assert.deepEqual(stdout.split('\n'), [
    'churn_probability  0.71',
    'churn              yes',
    'interval           {"lower":1,"upper":2}',
    '',
    'release     churn 1.1.0',
    'prediction  0193-x',
    'trace       abc',
    'total       0.9 ms',
    '',
  ]);
});

test('a rule that refuses is shown with its reason, and exit code 0: it is an answer', async (t) => {
  const { prediction: _, ...rest } = answer;
  const refused = { ...rest, refusal: { code: 'TOO_YOUNG', message: 'Nobody below 18' } };
  const { url } = await standInGateway(t, { [path]: [200, refused] });
  const { exitCode, stdout } = await runSluice(['predict', 'churn', '--set', 'age=9', '--server', url], {
    isInteractive: true,
  });
  assert.equal(exitCode, 0);
  assert.deepEqual(stdout.split('\n').slice(0, 4), [
    'refused  TOO_YOUNG',
    'reason   Nobody below 18',
    '',
    'release     churn 1.1.0',
  ]);
});

const refusal = {
  code: 'INVALID_INPUT',
  message: 'two features are wrong',
  violations: [
    { path: 'features.tenure', rule: 'type', message: 'expected a number, got "x"' },
    { path: 'features.gendre', rule: 'unknown', message: 'no such feature' },
  ],
};

test('what the gateway refuses is exit code 1, its violations path by path', async (t) => {
  const { url } = await standInGateway(t, { [path]: [422, refusal] });
  const outcome = await runSluice(['predict', 'churn', '--set', 'tenure=x', '--server', url], {
    isInteractive: true,
  });
  assert.equal(outcome.exitCode, 1);
  assert.equal(outcome.stdout, '');
  assert.deepEqual(outcome.stderr.split('\n'), [
    'sluice: two features are wrong (INVALID_INPUT)',
    '  features.tenure: expected a number, got "x"',
    '  features.gendre: no such feature',
    '',
  ]);
});

test('with --output json the refusal is JSON on stderr', async (t) => {
  const { url } = await standInGateway(t, { [path]: [422, refusal] });
  const { stderr } = await runSluice([
    'predict',
    'churn',
    '--set',
    'tenure=x',
    '--server',
    url,
    '--output',
    'json',
  ]);
  assert.deepEqual(JSON.parse(stderr), refusal);
});

test('a model whose name needs escaping stays one path segment', async (t) => {
  const { url, asked } = await standInGateway(t, {});
  await runSluice(['predict', '../v2', '--set', 'a=1', '--server', url]);
  assert.equal(asked[0]?.path, '/v1/models/..%2Fv2:predict');
});
