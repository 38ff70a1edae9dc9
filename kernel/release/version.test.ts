import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareVersions, isPreRelease, parseVersion, sameVersion } from './version.ts';

test('versions sort from the highest to the lowest, what is no version last', () => {
  const sorted = ['2', '1.10.0', '1.9.0', '1.0.0', '1.0.0-rc.2', '1.0.0-rc.1', '1.0.0-alpha', 'nothing'];
  assert.deepEqual([...sorted].reverse().sort(compareVersions), sorted);
});

const same: readonly [a: string, b: string, same: boolean][] = [
  ['1', '1.0.0', true],
  ['10', '10.0.0', true],
  ['1', '1.0.1', false],
  ['1', '1.0.0-rc.1', false],
  ['1.0.0-rc.1', '1.0.0-rc.1', true],
  ['latest', 'latest', true],
  ['latest', 'newest', false],
  ['latest', '1', false],
];

for (const [a, b, expected] of same) {
  test(`${a} and ${b} are ${expected ? 'the same version' : 'different versions'}`, () => {
    assert.equal(sameVersion(a, b), expected);
    assert.equal(sameVersion(b, a), expected);
  });
}

test('what is no version is not parsed', () => {
  for (const text of ['', '1.0', 'a', '1.0.0.0', '-1', '01.0.0', '1.x', '99999999999999999999'])
    assert.equal(parseVersion(text), undefined, text);
});

test('only a version with a suffix is a pre-release', () => {
  assert.ok(isPreRelease('1.0.0-rc.1'));
  for (const text of ['1', '1.0.0', '1.0.0+build', 'nothing']) assert.ok(!isPreRelease(text), text);
});

test('comparing is an order that agrees with sameness', () => {
  const version = fc.oneof(
    fc.nat(3).map(String),
    fc
      .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.constantFrom('', '-a', '-a.1'))
      .map(([major, minor, patch, suffix]) => `${major}.${minor}.${patch}${suffix}`),
  );
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      assert.equal(Math.sign(compareVersions(a, b)), 0 - Math.sign(compareVersions(b, a)));
      assert.equal(compareVersions(a, b) === 0, sameVersion(a, b));
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0);
    }),
  );
});
