import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ModelSettings, noSettings } from '@sluice/kernel/revision/revision';
import { eagerVersions } from './eager-versions.ts';

const versions = ['3.0.0-rc.1', '2.1.0', '2.0.0', '1'];
const reason = 'because';

const rows: readonly [what: string, settings: Partial<ModelSettings>, eager: readonly string[]][] = [
  ['nothing: the highest that is not a pre-release', {}, ['2.1.0']],
  ['a default', { default: '1.0.0' }, ['1']],
  ['an alias as the default', { default: 'old', aliases: { old: '2.0.0' } }, ['2.0.0']],
  ['aliases beside the default', { aliases: { next: '3.0.0-rc.1' } }, ['3.0.0-rc.1', '2.1.0']],
  ['preload beside the default', { preload: ['1', '2.0.0'] }, ['2.1.0', '2.0.0', '1']],
  ['what is not there', { default: '9.9.9', preload: ['8.8.8'] }, []],
  ['what is blocked', { preload: ['1'], blocked: [{ version: '1', reason }] }, ['2.1.0']],
  ['a blocked highest', { blocked: [{ version: '2.1.0', reason }] }, ['2.0.0']],
  ['a deprecated highest', { deprecated: [{ version: '2.1.0', reason }] }, ['2.0.0']],
  [
    'a deprecated default, which still answers',
    { default: '1', deprecated: [{ version: '1', reason }] },
    ['1'],
  ],
];

for (const [what, settings, eager] of rows) {
  test(`a revision that says of a model: ${what}`, () => {
    assert.deepEqual(eagerVersions(versions, { ...noSettings, ...settings }), eager);
  });
}

test('where there are pre-releases alone none is loaded: none answers who names none', () => {
  assert.deepEqual(eagerVersions(['1.0.0-b', '1.0.0-a'], noSettings), []);
  assert.deepEqual(eagerVersions([], noSettings), []);
});
