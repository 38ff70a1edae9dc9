import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Code } from '@sluice/kernel/errors/codes';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { compareVersions } from '@sluice/kernel/release/version';
import { emptyRevision, type ModelSettings, type Revision } from '@sluice/kernel/revision/revision';
import { served, testRelease } from '../testing/calls.ts';
import { resolveRelease } from './resolve-release.ts';
import type { IndexedRelease, ReleaseIndex } from './served-release.ts';

const good = (version: string): IndexedRelease => ({ version, served: served(testRelease({ version })) });
const indexOf = (...releases: readonly IndexedRelease[]): ReleaseIndex =>
  new Map([['m', releases.toSorted((a, b) => compareVersions(a.version, b.version))]]);
const revisionOf = (settings: Partial<ModelSettings>): Revision => ({
  ...emptyRevision,
  revision: 7,
  models: { m: { blocked: [], parameters: {}, ...settings } },
});

const index = indexOf(good('1'), good('1.2.0'), good('1.10.0'), good('2.0.0-rc.1'), {
  version: '1.9.0',
  fault: 'truncated',
});

const resolved: readonly [asked: string, settings: Partial<ModelSettings>, version: string][] = [
  ['', {}, '1.10.0'],
  ['', { default: '1.2.0' }, '1.2.0'],
  ['', { default: '1.0.0' }, '1'],
  ['', { blocked: [{ version: '1.2.0', reason: 'x' }] }, '1.10.0'],
  ['1', {}, '1'],
  ['1.0.0', {}, '1'],
  ['2.0.0-rc.1', {}, '2.0.0-rc.1'],
  ['1.2.0', { default: '1.10.0', blocked: [{ version: '1.10.0', reason: 'x' }] }, '1.2.0'],
];

for (const [asked, settings, version] of resolved) {
  test(`'${asked}' stands for ${version} under ${JSON.stringify(settings)}`, () => {
    assert.equal(resolveRelease(index, revisionOf(settings), 'm', asked).release.version, version);
  });
}

test('where there are pre-releases only, the highest of them is the default', () => {
  const only = indexOf(good('1.0.0-rc.1'), good('1.0.0-rc.2'));
  assert.equal(resolveRelease(only, emptyRevision, 'm', '').release.version, '1.0.0-rc.2');
});

const refused: readonly [
  model: string,
  asked: string,
  settings: Partial<ModelSettings>,
  code: Code,
  message: RegExp,
][] = [
  ['n', '', {}, 'MODEL_NOT_FOUND', /^Request for unknown model: 'n' is not found; there are m$/],
  ['M', '1', {}, 'MODEL_NOT_FOUND', /'M' is not found/],
  [
    'm',
    '3.0.0',
    {},
    'RELEASE_NOT_FOUND',
    /^model 'm' has no version '3\.0\.0', which was asked for; it has 2\.0\.0-rc\.1, 1\.10\.0, 1\.9\.0, 1\.2\.0, 1$/,
  ],
  ['m', '1.x', {}, 'RELEASE_NOT_FOUND', /no version '1\.x'/],
  [
    'm',
    '',
    { default: '9.0.0' },
    'RELEASE_NOT_FOUND',
    /'9\.0\.0', the default of revision 7, which was asked for/,
  ],
  [
    'm',
    '1.0.0',
    { blocked: [{ version: '1', reason: 'wrong currency' }] },
    'RELEASE_BLOCKED',
    /^m 1 is blocked: wrong currency$/,
  ],
  [
    'm',
    '',
    { blocked: [{ version: '1.10.0', reason: 'drift' }] },
    'RELEASE_BLOCKED',
    /1\.10\.0 is blocked: drift/,
  ],
  ['m', '1.9.0', {}, 'RELEASE_UNAVAILABLE', /^m 1\.9\.0 is not available: truncated$/],
  ['m', '1.9.0', { blocked: [{ version: '1.9.0', reason: 'bad' }] }, 'RELEASE_BLOCKED', /blocked: bad/],
];

for (const [model, asked, settings, code, message] of refused) {
  test(`${model} '${asked}' is ${code} under ${JSON.stringify(settings)}`, () => {
    assert.throws(
      () => resolveRelease(index, revisionOf(settings), model, asked),
      (error) => {
        assert.ok(error instanceof SluiceError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('a broken highest release is an error where it is the default, never silently another one', () => {
  const broken = indexOf(good('1.0.0'), { version: '2.0.0', fault: 'truncated' });
  assert.throws(() => resolveRelease(broken, emptyRevision, 'm', ''), { code: 'RELEASE_UNAVAILABLE' });
});

test('a message names ten of many, and how many more there are', () => {
  const many = indexOf(...Array.from({ length: 25 }, (_, minor) => good(`1.${minor}.0`)));
  assert.throws(() => resolveRelease(many, emptyRevision, 'm', '2.0.0'), {
    message: /1\.15\.0 and 15 more$/,
  });
});

test('names that an object inherits are unknown models', () => {
  for (const name of ['constructor', '__proto__', 'toString'])
    assert.throws(() => resolveRelease(index, emptyRevision, name, ''), { code: 'MODEL_NOT_FOUND' });
});
