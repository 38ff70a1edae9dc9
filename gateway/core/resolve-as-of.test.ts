import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyRevision, type ModelSettings, type Revision } from '@sluice/kernel/revision/revision';
import { good, publishedAt, resolveM, revisionOf, testResolver } from '../testing/resolvers.ts';
import type { InForce } from './release-view.ts';

const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T12:00:00.000Z`;

/** Revisions 1, 2, … of the 5th, the 6th, … of November. */
const historyOf = (...all: Partial<ModelSettings>[]) => {
  const revisions = all.map((settings, index) =>
    revisionOf(settings, { revision: index + 1, when: day(5 + index) }),
  );
  return (at: number): InForce => {
    const revision = revisions.findLast(({ when }) => Date.parse(when) <= at);
    return revision === undefined
      ? { revision: emptyRevision, first: revisions[0] }
      : { revision, first: undefined };
  };
};

const releases = [publishedAt('1.0.0', day(2)), publishedAt('1.1.0', day(4)), publishedAt('2.0.0', day(6))];
const past: Partial<ModelSettings>[] = [
  { aliases: { champion: '1.0.0' }, parameters: { limit: 1 } },
  { default: '1.0.0', aliases: { champion: '1.1.0' } },
  { aliases: { champion: '2.0.0' }, deprecated: [{ version: '1.1.0', reason: 'too old' }] },
];
const resolver = testResolver(releases, past.at(-1), historyOf(...past));

const resolved: readonly [asked: string, version: string][] = [
  ['@2026-11-02', '1.0.0'],
  ['@2026-11-04T11:00:00Z', '1.0.0'],
  ['@2026-11-04', '1.1.0'],
  ['@2026-11-05', '1.1.0'],
  ['@2026-11-06', '1.0.0'],
  ['@2026-11-07', '2.0.0'],
  ['@2126-01-01', '2.0.0'],
  ['champion@2026-11-05', '1.0.0'],
  ['champion@2026-11-06T12:00:00Z', '1.1.0'],
  ['champion@2026-11-06T11:59:59Z', '1.0.0'],
  ['champion@2026-11-07', '2.0.0'],
  ['1.x@2026-11-03', '1.0.0'],
  ['1.x@2026-11-06', '1.1.0'],
  ['1.x@2026-11-07', '1.0.0'],
];

for (const [asked, version] of resolved) {
  test(`'${asked}' stands for ${version}`, async () => {
    assert.equal((await resolveM(resolver, asked)).served.release.version, version);
  });
}

test('the values of the revision are those of then, what is said of a release is what is said now', async () => {
  const { parameters } = await resolveM(resolver, 'champion@2026-11-05');
  assert.deepEqual(parameters, { limit: 1 });
  const { warnings } = await resolveM(resolver, 'champion@2026-11-06');
  assert.deepEqual(warnings, ['m 1.1.0 is deprecated: too old']);
});

const refused: readonly [asked: string, message: RegExp][] = [
  [
    '@2026-11-01',
    /^nothing is known of model 'm' as of 2026-11-01: the first revision is 1 of 2026-11-05T12:00:00\.000Z, and the first release of 'm' is 1\.0\.0 of 2026-11-02T12/,
  ],
  [
    'champion@2026-11-04',
    /^model 'm' has no alias 'champion' as of 2026-11-04, .*; it has no aliases, and the versions 1\.1\.0, 1\.0\.0$/,
  ],
  ['2.x@2026-11-05', /no version in the range '2\.x', which was asked for as of 2026-11-05; it has 1\.1\.0/],
];

for (const [asked, message] of refused) {
  test(`'${asked}' is not found`, async () => {
    await assert.rejects(resolveM(resolver, asked), { code: 'RELEASE_NOT_FOUND', message });
  });
}

test('before the first revision nothing is known of releases that say nothing of when they came', async () => {
  const copied = testResolver([good('1.0.0')], {}, historyOf({}));
  await assert.rejects(resolveM(copied, '@2026-11-04'), {
    code: 'RELEASE_NOT_FOUND',
    message:
      "nothing is known of model 'm' as of 2026-11-04: the first revision is 1 of 2026-11-05T12:00:00.000Z",
  });
  assert.equal((await resolveM(copied, '@2026-11-05')).served.release.version, '1.0.0');
});

test('without any revision such releases were always there', async () => {
  const copied = testResolver([good('1.0.0')], {}, historyOf());
  assert.equal((await resolveM(copied, '@1999-01-01')).served.release.version, '1.0.0');
});

test('what is blocked now is blocked as of any time, and what was blocked then as of then', async () => {
  const blocked = [{ version: '1.0.0', reason: 'wrong currency' }];
  const now = testResolver(releases, { blocked }, historyOf(...past));
  await assert.rejects(resolveM(now, 'champion@2026-11-05'), {
    code: 'RELEASE_BLOCKED',
    message: 'm 1.0.0 is blocked: wrong currency',
  });
  const then = testResolver(releases, {}, historyOf({ blocked, aliases: { champion: '1.0.0' } }));
  await assert.rejects(resolveM(then, 'champion@2026-11-05'), {
    code: 'RELEASE_BLOCKED',
    message: 'm 1.0.0 was blocked as of 2026-11-05: wrong currency',
  });
});

test('a revision that must be read first is waited for, and what it says is remembered', async () => {
  let reads = 0;
  const at: Revision = revisionOf({ default: '1.0.0' });
  const slow = testResolver(releases, {}, async () => {
    reads += 1;
    return { revision: at, first: undefined };
  });
  assert.ok(slow.resolve('m', '@2026-11-20') instanceof Promise);
  assert.equal((await resolveM(slow, '@2026-11-20')).served.release.version, '1.0.0');
  const again = slow.resolve('m', '@2026-11-20');
  assert.ok(!(again instanceof Promise));
  assert.equal(reads, 2);
});
