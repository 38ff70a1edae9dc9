import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSluice } from '../testing/run-sluice.ts';
import { standInGateway } from '../testing/stand-in-gateway.ts';

const release = {
  release: { name: 'churn', version: '1.1.0', digest: 'sha256:ab' },
  description: 'Who leaves',
  state: 'RELEASE_STATE_READY',
  isDefault: true,
  aliases: ['champion', 'main'],
  provenance: { dataset: 'telco', by: 'us' },
};
const blocked = {
  release: { name: 'churn', version: '1.0.0' },
  state: 'RELEASE_STATE_READY',
  blockedReason: 'wrong currency',
};
const deprecated = {
  release: { name: 'churn', version: '0.9.0' },
  state: 'RELEASE_STATE_READY',
  deprecatedReason: 'too old',
};
const broken = {
  release: { name: 'x', version: '2' },
  state: 'RELEASE_STATE_UNAVAILABLE',
  reason: 'no graph',
};
const list = {
  models: [
    { name: 'churn', releases: [release, blocked, deprecated] },
    { name: 'x', releases: [broken] },
    { name: 'empty' },
  ],
};
const signature = {
  release: release.release,
  signature: {
    inputs: [{ name: 'numeric', datatype: 'FP32', shape: [-1, 8] }],
    outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, 2] }],
    features: [
      { name: 'tenure', type: 'number', required: true, unit: 'months' },
      { name: 'contract', type: 'category', values: ['One year', 'Two year'] },
    ],
    outputNames: ['churn'],
  },
};

for (const group of ['models', 'release'])
  test(`${group} list shows a row for each release`, async (t) => {
    const { url } = await standInGateway(t, { 'GET /v1/models': [200, list] });
    const { exitCode, stdout } = await runSluice([group, 'list', '--server', url], { isInteractive: true });
    assert.equal(exitCode, 0);
    assert.deepEqual(stdout.split('\n'), [
      'MODEL  VERSION  STATE                       DEFAULT  ALIASES         DESCRIPTION',
      'churn  1.1.0    ready                       yes      champion, main  Who leaves',
      'churn  1.0.0    blocked: wrong currency',
      'churn  0.9.0    ready, deprecated: too old',
      'x      2        unavailable: no graph',
      '',
    ]);
  });

test('models list as JSON is the answer itself', async (t) => {
  const { url } = await standInGateway(t, { 'GET /v1/models': [200, list] });
  const { stdout } = await runSluice(['models', 'list', '--server', url]);
  assert.deepEqual(JSON.parse(stdout), list);
});

test('models get shows the release, its tensors and its features', async (t) => {
  const { url } = await standInGateway(t, {
    'GET /v1/models/churn': [200, { release }],
    'GET /v1/models/churn/signature': [200, signature],
  });
  const { exitCode, stdout } = await runSluice(['models', 'get', 'churn', '--server', url], {
    isInteractive: true,
  });
  assert.equal(exitCode, 0);
  for (const row of [
    /^version +1\.1\.0$/m,
    /^state +ready$/m,
    /^aliases +champion, main$/m,
    /^dataset +telco$/m,
    /^numeric +FP32 +\[-1,8\] +input$/m,
  ]) {
    assert.match(stdout, row);
  }
  assert.match(stdout, /^tenure +number +yes +months$/m);
  assert.match(stdout, /^contract +category +One year \| Two year$/m);
});

test('release list shows one model alone, or says which there are', async (t) => {
  const { url } = await standInGateway(t, { 'GET /v1/models': [200, list] });
  const { stdout } = await runSluice(['release', 'list', 'churn', '--server', url]);
  assert.deepEqual(JSON.parse(stdout), { models: [list.models[0]] });
  const outcome = await runSluice(['release', 'list', 'chrun', '--server', url], { isInteractive: true });
  assert.equal(outcome.exitCode, 1);
  assert.equal(
    outcome.stderr,
    'sluice: there is no model chrun; there are: churn, x, empty (MODEL_NOT_FOUND)\n',
  );
});

test('release get asks for what its selector says, and for the same as models get --version', async (t) => {
  const { url } = await standInGateway(t, {
    'GET /v1/models/churn/versions/~1.1': [200, { release }],
    'GET /v1/models/churn/versions/~1.1/signature': [200, signature],
  });
  const { stdout } = await runSluice(['release', 'get', 'churn', '~1.1', '--server', url]);
  assert.deepEqual(JSON.parse(stdout), { release, signature: signature.signature });
  const other = await runSluice(['models', 'get', 'churn', '--version', '~1.1', '--server', url]);
  assert.equal(other.stdout, stdout);
});

test('models get --version asks for that release', async (t) => {
  const { url, asked } = await standInGateway(t, {
    'GET /v1/models/churn/versions/1.1.0': [200, { release }],
    'GET /v1/models/churn/versions/1.1.0/signature': [200, signature],
  });
  const { stdout } = await runSluice(['models', 'get', 'churn', '--version', '1.1.0', '--server', url]);
  assert.deepEqual(JSON.parse(stdout), { release, signature: signature.signature });
  assert.equal(asked.length, 2);
});

test('a model that is not there is exit code 1, in the words of the gateway', async (t) => {
  const error = { code: 'MODEL_NOT_FOUND', message: 'no model nope; there are churn, digits' };
  const { url } = await standInGateway(t, {
    'GET /v1/models/nope': [404, error],
    'GET /v1/models/nope/signature': [404, error],
  });
  const outcome = await runSluice(['models', 'get', 'nope', '--server', url], { isInteractive: true });
  assert.equal(outcome.exitCode, 1);
  assert.equal(outcome.stderr, 'sluice: no model nope; there are churn, digits (MODEL_NOT_FOUND)\n');
});
