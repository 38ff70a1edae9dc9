import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { GetReleaseResponse__Output } from '@sluice/protos/gen/sluice/v1/GetReleaseResponse';
import { type AdderDoors, adderDoors, askAdder } from '../support/ask-adder.ts';
import { connect, unary } from '../support/clients.ts';
import { startSluice } from '../support/sluice.ts';
import { bothStores } from '../support/stores.ts';
import { addedBy, adder, adders } from '../support/versioned.ts';

const revision = (number: number, when: string, settings: object): Record<string, string> => ({
  [`_revisions/00000${number}.yaml`]: JSON.stringify({
    revision: number,
    when,
    models: { [adder]: settings },
  }),
});

const files = {
  ...adders('1.0.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0', '3.0.0-rc.1'),
  ...revision(1, '2026-11-01T12:00:00Z', { default: '1.0.0', aliases: { champion: '1.0.0' } }),
  ...revision(2, '2026-11-02T12:00:00Z', { aliases: { champion: '1.1.0' } }),
  ...revision(3, '2026-11-03T12:00:00Z', {
    default: 'champion',
    aliases: { champion: '2.0.0', old: '1.1.0', gone: '9.0.0' },
    blocked: [{ version: '2.1.0', reason: 'wrong currency' }],
    deprecated: [{ version: '1.1.0', reason: 'too old' }],
  }),
};

const resolved: readonly (readonly [selector: string, version: string, warning?: string])[] = [
  ['', '2.0.0'],
  ['1.0.0', '1.0.0'],
  ['1', '1.0.0'],
  ['1.x', '1.2.0'],
  ['~1.1.0 || 2.x', '2.0.0'],
  ['>=1 <2', '1.2.0'],
  ['champion', '2.0.0'],
  ['old', '1.1.0', 'adder 1.1.0 is deprecated: too old'],
  ['3.0.0-rc.1', '3.0.0-rc.1'],
  ['@2026-11-01', '1.0.0'],
  ['champion@2026-11-02', '1.1.0', 'adder 1.1.0 is deprecated: too old'],
  ['champion@2026-11-03T13:59:59+02:00', '1.1.0', 'adder 1.1.0 is deprecated: too old'],
];

const refused: readonly (readonly [selector: string, code: string, message: RegExp])[] = [
  ['2.1.0', 'RELEASE_BLOCKED', /adder 2\.1\.0 is blocked: wrong currency/],
  ['~2.1', 'RELEASE_BLOCKED', /2\.1\.0 is blocked \(wrong currency\)/],
  ['@2026-11-02T12:00:00Z', 'RELEASE_BLOCKED', /adder 2\.1\.0 is blocked/],
  ['4.x', 'RELEASE_NOT_FOUND', /no version in the range '4\.x'.*it has 3\.0\.0-rc\.1, 2\.1\.0/],
  ['3.x', 'RELEASE_NOT_FOUND', /3\.0\.0-rc\.1 is a pre-release/],
  ['gone', 'RELEASE_NOT_FOUND', /no version '9\.0\.0', for which its alias 'gone' stands in revision 3/],
  ['champoin', 'RELEASE_NOT_FOUND', /aliases champion, old, gone,.*did you mean 'champion'\?/],
  ['sha256:00', 'RELEASE_NOT_FOUND', /12 to 64 hexadecimal digits/],
  [
    '@2026-10-31',
    'RELEASE_NOT_FOUND',
    /nothing is known of model 'adder' as of 2026-10-31: the first revision/,
  ],
  ['@yesterday', 'RELEASE_NOT_FOUND', /'yesterday' is no time/],
];

for (const kind of bothStores)
  suite(`releases in ${kind.name} are addressed through every door`, { skip: kind.skip }, () => {
    const stack = new AsyncDisposableStack();
    let doors: AdderDoors;

    before(async () => {
      const { url, env } = stack.use(await kind.open(files));
      const { gateway } = stack.use(await startSluice({ store: url, env, runtimeEnv: env }));
      const clients = stack.use(connect(gateway.grpc));
      doors = { clients, http: gateway.http };
    });
    after(() => stack.disposeAsync());

    for (const door of adderDoors) {
      test(`${door} takes every selector, and says which release has answered`, async () => {
        for (const [selector, version, warning] of resolved)
          assert.deepEqual(
            await askAdder[door](doors, selector),
            { version, added: addedBy(version), warnings: warning === undefined ? [] : [warning] },
            selector,
          );
      });

      test(`${door} refuses what stands for nothing, and says what there is`, async () => {
        for (const [selector, code, message] of refused)
          await assert.rejects(askAdder[door](doors, selector), (error: Error) => {
            assert.match(error.message, message, selector);
            // A unary call has it in its details.
            if (door !== 'Predict' && door !== 'ModelInfer') assert.match(error.message, new RegExp(code));
            return true;
          });
      });
    }

    test('a digest, whole or its first twelve digits, is the release that has it', async () => {
      const { clients } = doors;
      const asked = { model: adder, version: '1.2.0' };
      const { release } = await unary<GetReleaseResponse__Output>((done) =>
        clients.model.GetRelease(asked, done),
      );
      const digest = release?.release?.digest ?? '';
      for (const door of adderDoors)
        for (const selector of [digest, digest.slice(0, 'sha256:'.length + 12)])
          assert.equal((await askAdder[door](doors, selector)).version, '1.2.0');
      const unescaped = `${doors.http}/v1/models/${adder}/versions/${digest}:predict`;
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(unescaped, { method: 'POST', headers, body: '{"features": {"x": [1]}}' });
      assert.equal(response.status, 200);
    });

    test('readiness, metadata and configuration are asked by a selector too', async () => {
      const { clients, http } = doors;
      const ready = (version: string) =>
        unary<{ ready: boolean }>((done) => clients.inference.ModelReady({ name: adder, version }, done));
      for (const [version, isReady] of [
        ['champion', true],
        ['1.x', true],
        ['1', true],
        ['champion@2026-11-02', true],
        ['2.1.0', false],
        ['4.x', false],
      ] as const)
        assert.equal((await ready(version)).ready, isReady, version);
      const { versions } = await unary<{ versions: string[] }>((done) =>
        clients.inference.ModelMetadata({ name: adder, version: 'champion' }, done),
      );
      assert.deepEqual(versions, ['2.0.0']);
      for (const path of ['', '/config', '/ready', '/stats'])
        assert.equal(
          (await fetch(`${http}/v2/models/${adder}/versions/champion@2026-11-02${path}`)).status,
          200,
        );
      assert.equal((await fetch(`${http}/v2/models/${adder}/versions/nobody`)).status, 404);
    });

    test('models, releases and signatures show aliases and deprecation', async () => {
      const { http } = doors;
      const get = async (path: string): Promise<unknown> => (await fetch(`${http}/v1/models${path}`)).json();
      const { models } = (await get('')) as {
        models: { name: string; aliases: object[]; releases: object[] }[];
      };
      assert.deepEqual(models[0]?.aliases, [
        { name: 'champion', version: '2.0.0' },
        { name: 'old', version: '1.1.0' },
        { name: 'gone', version: '9.0.0' },
      ]);
      const { release } = (await get(`/${adder}/versions/old`)) as { release: Record<string, unknown> };
      assert.deepEqual([release['aliases'], release['deprecatedReason']], [['old'], 'too old']);
      const { release: byDefault } = (await get(`/${adder}`)) as { release: Record<string, unknown> };
      assert.deepEqual([byDefault['isDefault'], byDefault['aliases']], [true, ['champion']]);
      assert.ok('signature' in ((await get(`/${adder}/versions/1.x/signature`)) as object));
    });
  });
