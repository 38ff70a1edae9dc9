import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from '@sluice/kernel/release/manifest';
import type { ModelSettings } from '@sluice/kernel/revision/revision';
import { loadProtos } from '@sluice/protos/load';
import type { IndexedRelease } from '../core/served-release.ts';
import { served, testRelease } from '../testing/calls.ts';
import { testResolver } from '../testing/resolvers.ts';
import { type TestRuntime, testRuntime } from '../testing/runtimes.ts';
import {
  describeModel,
  getRelease,
  getSignature,
  listModels,
  type ModelsOptions,
} from './describe-models.ts';

const { Model, GetSignatureResponse } = loadProtos().sluice.v1;

const releases: readonly IndexedRelease[] = [
  { version: '2.0.0-rc.1', fault: 'truncated' },
  { version: '1.0.0', served: served() },
];
const serversOf = (server: TestRuntime) => ({ all: () => [server], of: () => [server] });
const optionsOf = (
  settings: Partial<ModelSettings> = {},
  more: Partial<ModelsOptions> = {},
): ModelsOptions => ({
  resolver: () => testResolver(releases, settings),
  servers: serversOf(testRuntime('a')),
  ...more,
});

test('a model lists its releases with state, reason and which one is the default', () => {
  const [model] = listModels(optionsOf());
  assert.ok(model !== undefined);
  const { name, releases: described } = Model.deserialize(Model.serialize(model));
  assert.equal(name, 'm');
  assert.deepEqual(
    described.map(({ release, state, reason, isDefault }) => [release?.version, state, reason, isDefault]),
    [
      ['2.0.0-rc.1', 'RELEASE_STATE_UNAVAILABLE', 'truncated', false],
      ['1.0.0', 'RELEASE_STATE_READY', '', true],
    ],
  );
});

test('what the revision says of a release is shown', () => {
  const blocked = [{ version: '1.0.0', reason: 'wrong currency' }];
  const [candidate, release] =
    describeModel(optionsOf({ default: '2.0.0-rc.1', blocked }), 'm').releases ?? [];
  assert.deepEqual([candidate?.isDefault, release?.isDefault], [true, false]);
  assert.equal(release?.blockedReason, 'wrong currency');
});

test('a release that no runtime holds is unavailable, and the reason says where', async () => {
  const away = optionsOf({}, { servers: serversOf(testRuntime('a', { available: false })) });
  const { state, reason } = await getRelease(away, 'm', '1');
  assert.deepEqual([state, reason], ['RELEASE_STATE_UNAVAILABLE', 'a is not reachable']);
});

test('a broken release can be asked for by its version, but has no signature', async () => {
  assert.equal((await getRelease(optionsOf(), 'm', '2.0.0-rc.1')).reason, 'truncated');
  await assert.rejects(getSignature(optionsOf(), 'm', '2.0.0-rc.1'), { code: 'RELEASE_UNAVAILABLE' });
  await assert.rejects(getSignature(optionsOf(), 'm', '3.0.0'), {
    code: 'RELEASE_NOT_FOUND',
    message: "model 'm' has no version '3.0.0', which was asked for; it has 2.0.0-rc.1, 1.0.0",
  });
  await assert.rejects(getRelease(optionsOf(), 'n', ''), { code: 'MODEL_NOT_FOUND' });
});

test('aliases and deprecation are shown, and every selector finds what it means', async () => {
  const settings = {
    aliases: { champion: '1', next: '2.0.0-rc.1' },
    deprecated: [{ version: '1.0.0', reason: 'too old' }],
  };
  const options = optionsOf(settings);
  const { aliases, releases: described = [] } = describeModel(options, 'm');
  assert.deepEqual(aliases, [
    { name: 'champion', version: '1' },
    { name: 'next', version: '2.0.0-rc.1' },
  ]);
  assert.deepEqual(
    described.map(({ aliases: names, deprecatedReason, isDefault }) => [names, deprecatedReason, isDefault]),
    [
      [['next'], '', false],
      [['champion'], 'too old', false],
    ],
  );
  for (const selector of ['champion', '1', 'champion@2026-11-20'])
    assert.equal((await getRelease(options, 'm', selector)).release?.version, '1.0.0', selector);
  const { release } = await getSignature(options, 'm', 'champion');
  assert.equal(release?.version, '1.0.0');
});

test('the signature has tensors, features with their defaults, and the names of the outputs', async () => {
  const message = await getSignature(optionsOf(), 'm', '');
  const { signature } = GetSignatureResponse.deserialize(GetSignatureResponse.serialize(message));
  assert.deepEqual(signature?.inputs, [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }]);
  assert.deepEqual(signature?.outputNames, ['p', 'old']);
  assert.equal(signature?.maxBatchSize, 8);
  const [age, height] = signature?.features ?? [];
  assert.deepEqual([age?.name, age?.type, age?.required, age?.defaultValue], ['age', 'number', true, null]);
  assert.equal(height?.defaultValue?.numberValue, 2);
});

const bare = parseManifest('{apiVersion: sluice/v1, model: m, version: "1.0.0"}');

for (const [what, manifest] of [
  ['no manifest', undefined],
  ['a manifest that names no outputs', bare],
] as const) {
  test(`with ${what} features and outputs are the tensors themselves`, async () => {
    const release = { version: '1.0.0', served: served(testRelease({ manifest })) };
    const { signature } = await getSignature(
      optionsOf({}, { resolver: () => testResolver([release]) }),
      'm',
      '',
    );
    assert.deepEqual(signature?.outputNames, ['y']);
    assert.deepEqual(
      signature?.features?.map(({ name, type }) => [name, type]),
      [['x', 'tensor']],
    );
  });
}
