import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, isPreRelease } from '@sluice/kernel/release/version';
import type { ModelSettings } from '@sluice/kernel/revision/revision';
import fc from 'fast-check';
import semver from 'semver';
import { good, publishedAt, testResolver } from '../testing/resolvers.ts';
import type { Resolver } from './resolve-release.ts';

const version = fc
  .tuple(fc.nat(3), fc.nat(3), fc.nat(2), fc.constantFrom('', '', '', '-rc.1'))
  .map(([major, minor, patch, suffix]) => `${major}.${minor}.${patch}${suffix}`);
const versions = fc.uniqueArray(version, { minLength: 1, maxLength: 12 });
const marked = fc.array(version, { maxLength: 6 });
const range = fc.oneof(
  fc.constantFrom('*', '1.x', '~1.2', '^0.1', '>=1 <3', '2.1.x', '0.x || 3.x', '>1.0.0-rc.1', '<=2.0.0-rc.1'),
  version.map((low) => `>=${low}`),
  version.map((high) => `<${high}`),
);

interface World {
  readonly all: readonly string[];
  readonly blocked: readonly string[];
  readonly deprecated: readonly string[];
}
const world: fc.Arbitrary<World> = fc.record({ all: versions, blocked: marked, deprecated: marked });

const settingsOf = ({ blocked, deprecated }: World): Partial<ModelSettings> => ({
  blocked: blocked.map((each) => ({ version: each, reason: 'x' })),
  deprecated: deprecated.map((each) => ({ version: each, reason: 'x' })),
});

/** Undefined: it was refused. */
const versionOf = (resolver: Resolver, selector: string): string | undefined => {
  try {
    const found = resolver.resolve('m', selector);
    return found instanceof Promise ? assert.fail('nothing is read') : found.served.release.version;
  } catch {
    return undefined;
  }
};

const mayBeChosen = ({ all, blocked, deprecated }: World): string[] =>
  all.filter((each) => !isPreRelease(each) && !blocked.includes(each) && !deprecated.includes(each));

test('a range stands for the highest in it that is no pre-release, not blocked and not deprecated, or for none', () => {
  fc.assert(
    fc.property(world, range, (given, asked) => {
      const resolver = testResolver(
        given.all.map((each) => good(each)),
        settingsOf(given),
      );
      const fitting = mayBeChosen(given).filter((each) => semver.satisfies(each, asked));
      assert.equal(versionOf(resolver, asked), fitting.sort(compareVersions)[0]);
    }),
    { numRuns: 500 },
  );
});

test('without a default the same is so of all releases', () => {
  fc.assert(
    fc.property(world, (given) => {
      const resolver = testResolver(
        given.all.map((each) => good(each)),
        settingsOf(given),
      );
      assert.equal(versionOf(resolver, ''), mayBeChosen(given).sort(compareVersions)[0]);
    }),
  );
});

test('every release that is not blocked is callable by its version, its digest and its alias, and they agree', () => {
  fc.assert(
    fc.property(world, (given) => {
      const digestOf = (index: number): string => `sha256:${String(index).padStart(12, '0').padEnd(64, 'f')}`;
      const aliases = Object.fromEntries(given.all.map((each, index) => [`alias-${index}`, each]));
      const resolver = testResolver(
        given.all.map((each, index) => good(each, { digest: digestOf(index) })),
        { ...settingsOf(given), aliases },
      );
      for (const [index, each] of given.all.entries()) {
        const expected = given.blocked.includes(each) ? undefined : each;
        for (const selector of [each, `alias-${index}`, digestOf(index), digestOf(index).slice(0, 19)])
          assert.equal(versionOf(resolver, selector), expected, selector);
      }
    }),
  );
});

test('as of a later time a default or a range never stands for a lower release, while no revision says so', () => {
  const dated = fc.uniqueArray(fc.tuple(version, fc.integer({ min: 1, max: 28 })), {
    minLength: 1,
    selector: ([each]) => each,
  });
  const dayOf = (day: number): string => `2026-02-${String(day).padStart(2, '0')}`;
  fc.assert(
    fc.property(dated, fc.constantFrom('', '*', '1.x', '>=1 <3'), (published, asked) => {
      const resolver = testResolver(
        published.map(([each, day]) => publishedAt(each, `${dayOf(day)}T12:00:00Z`)),
        {},
        () => ({ revision: { ...resolver.revision, revision: 0, models: {} }, first: undefined }),
      );
      let before: string | undefined;
      for (let day = 1; day <= 28; day += 1) {
        const now = versionOf(resolver, `${asked}@${dayOf(day)}`);
        if (before !== undefined) assert.ok(now !== undefined && compareVersions(now, before) <= 0);
        before = now;
      }
      assert.equal(before, versionOf(resolver, asked));
    }),
  );
});
