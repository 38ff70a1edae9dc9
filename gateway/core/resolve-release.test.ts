import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Code } from '@sluice/kernel/errors/codes';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { ModelSettings } from '@sluice/kernel/revision/revision';
import { good, resolveM, testResolver } from '../testing/resolvers.ts';
import type { IndexedRelease } from './served-release.ts';

const digest = (start: string): string => `sha256:${start.padEnd(64, '0')}`;
const because = (reason: string, ...versions: string[]) => versions.map((version) => ({ version, reason }));

const releases: readonly IndexedRelease[] = [
  good('1', { digest: digest('aaaaaaaaaaaa1') }),
  good('1.2.0', { digest: digest('aaaaaaaaaaaa2') }),
  good('1.10.0', { digest: digest('bbbbbbbbbbbb') }),
  good('2.0.0-rc.1', { digest: digest('cccccccccccc') }),
  { version: '1.9.0', fault: 'truncated' },
];

const resolved: readonly [asked: string, settings: Partial<ModelSettings>, version: string][] = [
  ['', {}, '1.10.0'],
  ['', { default: '1.2.0' }, '1.2.0'],
  ['', { default: '1.0.0' }, '1'],
  ['', { default: '2.0.0-rc.1' }, '2.0.0-rc.1'],
  ['', { default: 'champion', aliases: { champion: '1.2.0' } }, '1.2.0'],
  ['', { blocked: because('x', '1.2.0') }, '1.10.0'],
  ['', { blocked: because('x', '1.9.0', '1.10.0') }, '1.2.0'],
  ['', { deprecated: because('x', '1.9.0', '1.10.0') }, '1.2.0'],
  ['1', {}, '1'],
  ['1.0.0', {}, '1'],
  ['2.0.0-rc.1', {}, '2.0.0-rc.1'],
  ['1.2.0', { default: '1.10.0', blocked: because('x', '1.10.0') }, '1.2.0'],
  ['1.2.0', { deprecated: because('x', '1.2.0') }, '1.2.0'],
  ['1.x', {}, '1.10.0'],
  ['~1.2', {}, '1.2.0'],
  ['1.0.x', {}, '1'],
  ['*', {}, '1.10.0'],
  ['>=1 <1.9 || 3.x', {}, '1.2.0'],
  ['1.x', { blocked: because('x', '1.9.0', '1.10.0') }, '1.2.0'],
  ['1.x', { deprecated: because('x', '1.9.0', '1.10.0') }, '1.2.0'],
  ['champion', { aliases: { champion: '1.2.0' } }, '1.2.0'],
  ['champion', { aliases: { champion: '1.0.0' } }, '1'],
  ['champion', { aliases: { champion: '1.2.0' }, deprecated: because('x', '1.2.0') }, '1.2.0'],
  ['sha256:aaaaaaaaaaaa2', {}, '1.2.0'],
  [digest('bbbbbbbbbbbb'), {}, '1.10.0'],
];

for (const [asked, settings, version] of resolved) {
  test(`'${asked}' stands for ${version} under ${JSON.stringify(settings)}`, async () => {
    const { served } = await resolveM(testResolver(releases, settings), asked);
    assert.equal(served.release.version, version);
  });
}

const refused: readonly [asked: string, settings: Partial<ModelSettings>, code: Code, message: RegExp][] = [
  [
    '3.0.0',
    {},
    'RELEASE_NOT_FOUND',
    /^model 'm' has no version '3\.0\.0', which was asked for; it has 2\.0\.0-rc\.1, 1\.10\.0, 1\.9\.0, 1\.2\.0, 1$/,
  ],
  ['1.2.1', {}, 'RELEASE_NOT_FOUND', /'1\.2\.1'.*; did you mean '1\.2\.0'/],
  [
    '',
    { default: '9.0.0' },
    'RELEASE_NOT_FOUND',
    /'9\.0\.0', the default of revision 7, which was asked for/,
  ],
  [
    '1.0.0',
    { blocked: because('wrong currency', '1') },
    'RELEASE_BLOCKED',
    /^m 1 is blocked: wrong currency$/,
  ],
  [
    '',
    { default: '1.10.0', blocked: because('drift', '1.10.0') },
    'RELEASE_BLOCKED',
    /^m 1\.10\.0 is blocked: drift$/,
  ],
  ['1.9.0', {}, 'RELEASE_UNAVAILABLE', /^m 1\.9\.0 is not available: truncated$/],
  ['1.9.0', { blocked: because('bad', '1.9.0') }, 'RELEASE_BLOCKED', /blocked: bad/],
  // What is published decides: a broken release is never passed over for another one.
  ['~1.9', {}, 'RELEASE_UNAVAILABLE', /^m 1\.9\.0 is not available/],
  ['', { blocked: because('x', '1.10.0') }, 'RELEASE_UNAVAILABLE', /^m 1\.9\.0 is not available/],
  [
    '3.x',
    {},
    'RELEASE_NOT_FOUND',
    /^model 'm' has no version in the range '3\.x', which was asked for; it has 2\.0\.0-rc\.1, 1\.10\.0/,
  ],
  [
    '2.x',
    {},
    'RELEASE_NOT_FOUND',
    /in the range '2\.x'.* that may be chosen: 2\.0\.0-rc\.1 is a pre-release; name one exactly$/,
  ],
  [
    '~1.2',
    { blocked: because('drift', '1.2.0') },
    'RELEASE_BLOCKED',
    /that may be chosen: 1\.2\.0 is blocked \(drift\); name one exactly$/,
  ],
  [
    '>=1.10',
    { deprecated: because('too old', '1.10.0') },
    'RELEASE_NOT_FOUND',
    /chosen: 2\.0\.0-rc\.1 is a pre-release, 1\.10\.0 is deprecated \(too old\); name one exactly$/,
  ],
  [
    '',
    { blocked: because('x', '1', '1.2.0', '1.9.0'), deprecated: because('y', '1.10.0') },
    'RELEASE_NOT_FOUND',
    /no version for those who ask for none that may be chosen: .*; name one exactly, or make one the default$/,
  ],
  [
    'champoin',
    { aliases: { champion: '1', challenger: '1.2.0' } },
    'RELEASE_NOT_FOUND',
    /no alias 'champoin', which was asked for; it has the aliases champion, challenger, and the versions 2.*, 1; did you mean 'champion'\?$/,
  ],
  ['latest', {}, 'RELEASE_NOT_FOUND', /no alias 'latest', which was asked for; it has no aliases, and the/],
  ['constructor', {}, 'RELEASE_NOT_FOUND', /no alias 'constructor'/],
  [
    'champion',
    { aliases: { champion: '9.0.0' } },
    'RELEASE_NOT_FOUND',
    /no version '9\.0\.0', for which its alias 'champion' stands in revision 7; it has 2/,
  ],
  [
    'champion',
    { aliases: { champion: '1.2.0' }, blocked: because('drift', '1.2.0') },
    'RELEASE_BLOCKED',
    /^m 1\.2\.0 is blocked: drift$/,
  ],
  [
    'sha256:bbbbbbbbbbbb',
    { blocked: because('drift', '1.10.0') },
    'RELEASE_BLOCKED',
    /^m 1\.10\.0 is blocked: drift$/,
  ],
  [
    'sha256:aaaaaaaaaaaa',
    {},
    'RELEASE_NOT_FOUND',
    /is ambiguous: 1\.2\.0 \(sha256:aaaaaaaaaaaa20+\), 1 \(sha256:aaaaaaaaaaaa10+\); give more digits$/,
  ],
  [
    'sha256:dddddddddddd',
    {},
    'RELEASE_NOT_FOUND',
    /no release with the digest 'sha256:d+'; it has 2\.0\.0-rc\.1 \(sha256:cccccccccccc\), 1\.10\.0 \(sha256:b{12}\)/,
  ],
  ['sha256:dd', {}, 'RELEASE_NOT_FOUND', /'sha256:dd', .*: a digest is sha256: and 12 to 64 hex.*; it has 2/],
  [
    'Champion',
    { aliases: { champion: '1' } },
    'RELEASE_NOT_FOUND',
    /'Champion' is no version, range, alias, digest or time; it has .*; did you mean 'champion'\?$/,
  ],
  ['@2026-02-30', {}, 'RELEASE_NOT_FOUND', /'2026-02-30' is no time: expected such as @2026-11-20/],
];

const isRefusal = (code: Code, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof SluiceError);
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

for (const [asked, settings, code, message] of refused) {
  test(`'${asked}' is ${code} under ${JSON.stringify(settings)}`, async () => {
    await assert.rejects(resolveM(testResolver(releases, settings), asked), isRefusal(code, message));
  });
}

test('a model that nobody knows is refused with those that there are', () => {
  const resolver = testResolver(releases);
  for (const name of ['n', 'M', 'constructor', '__proto__', 'toString'])
    assert.throws(
      () => resolver.resolve(name, ''),
      isRefusal('MODEL_NOT_FOUND', /^Request for unknown model: '.*' is not found; there are m$/),
    );
});

test('where there are pre-releases only, none answers those who ask for no version', async () => {
  const only = testResolver([good('1.0.0-rc.1'), good('1.0.0-rc.2')]);
  await assert.rejects(resolveM(only, ''), isRefusal('RELEASE_NOT_FOUND', /1\.0\.0-rc\.2 is a pre-release/));
  assert.equal((await resolveM(only, '1.0.0-rc.2')).served.release.version, '1.0.0-rc.2');
});

test('a message names ten of many, and how many more there are', async () => {
  const many = Array.from({ length: 25 }, (_, minor) => good(`1.${minor}.0`));
  await assert.rejects(resolveM(testResolver(many), '2.0.0'), { message: /1\.15\.0 and 15 more$/ });
});

test('who gets a deprecated release is told so, whichever way it was found', async () => {
  const settings = { aliases: { champion: '1.2.0' }, deprecated: because('wrong currency', '1.2.0') };
  const resolver = testResolver(releases, settings);
  for (const selector of ['1.2.0', 'champion', 'sha256:aaaaaaaaaaaa2'])
    assert.deepEqual((await resolveM(resolver, selector)).warnings, [
      'm 1.2.0 is deprecated: wrong currency',
    ]);
  assert.deepEqual((await resolveM(resolver, '')).warnings, []);
});

test('a selector is worked out once, and as many are remembered as are allowed', async () => {
  const resolver = testResolver(releases);
  const first = await resolveM(resolver, '1.x');
  assert.equal(await resolveM(resolver, '1.x'), first);
  for (let patch = 0; patch < 1_000; patch += 1)
    assert.equal((await resolveM(resolver, `<1.${11 + patch}`)).served.release.model, 'm');
  assert.notEqual(await resolveM(resolver, '1.x'), first);
});

test('what is refused is found nevertheless by those who only look', async () => {
  const resolver = testResolver(releases, { blocked: because('drift', '1.10.0') });
  assert.equal((await resolver.find('m', '1.10.0')).version, '1.10.0');
  assert.deepEqual(await resolver.find('m', '1.9.0'), { version: '1.9.0', fault: 'truncated' });
});
