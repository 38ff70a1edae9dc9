import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startGateway } from '../support/sluice.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectAlive, type Fixture, startFixture } from './bad-input/fixture.ts';
import { metricValue } from './bad-input/metrics.ts';
import { loan } from './bad-input/requests.ts';
import type { Outcome } from './bad-input/row.ts';
import { revisionText } from './bad-input/store.ts';

const second = '_revisions/000002.yaml';
const faultLine = /^a revision is invalid, the last good one stays in force: _revisions\/000002.yaml/;

const codeOf = (outcome: Outcome): string => ('refused' in outcome ? outcome.refused.code : 'OK');
/** Blocked by revision 1. */
const askBlocked = async ({ doors }: Fixture): Promise<string> =>
  codeOf(await doors.unary(loan({}, { version: '1.1.0' })));

const faultLines = ({ sluice }: Fixture): readonly string[] =>
  sluice.gateway.lines.map(({ msg }) => String(msg)).filter((msg) => faultLine.test(msg));

/** Waits until the gateway has looked at the store again. */
const anotherLook = async (fixture: Fixture, model: string): Promise<void> => {
  await fixture.store.put(`${model}/1/model.onnx`, 'no graph');
  await waitFor(`${model} to be seen`, async () => {
    const outcome = await fixture.doors.unary({ predict: { model, features: {} } });
    return codeOf(outcome) === 'RELEASE_UNAVAILABLE';
  });
};

const invalid: readonly (readonly [what: string, text: string, fault: RegExp])[] = [
  ['nothing in it', '', /000002.yaml: .*expected/],
  ['no YAML', 'models: {', /000002.yaml is not YAML: /],
  ['an unknown key', revisionText(2, '{ loan: { blokced: [] } }'), /models.loan.*blokced/],
  ['another number than its name', revisionText(7, '{}'), /revision: expected 2, got 7/],
  ['no version', revisionText(2, '{ loan: { default: newest } }'), /models.loan.default: .*exact version/],
  [
    'an alias for no version',
    revisionText(2, '{ loan: { aliases: { champion: 1.x } } }'),
    /models.loan.aliases.champion: expected an exact version/,
  ],
  [
    'an alias that is a version',
    revisionText(2, '{ loan: { aliases: { "2": 1.0.0 } } }'),
    /models.loan.aliases.2: an alias is a lower-case letter/,
  ],
  [
    'a deprecation without a reason',
    revisionText(2, '{ loan: { deprecated: [{ version: 1.0.0 }] } }'),
    /models.loan.deprecated.0.reason: /,
  ],
];

suite('revision files that are invalid', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  for (const [index, [what, text, fault]] of invalid.entries()) {
    test(`with ${what} the last good one goes on, and the log says why, once`, async () => {
      await fixture.store.put(second, text);
      const told = () => faultLines(fixture).filter((line) => fault.test(line));
      await waitFor('the log to say so', () => told().length > 0);
      await anotherLook(fixture, `later-${index}`);
      await anotherLook(fixture, `latest-${index}`);
      assert.equal(told().length, 1);
      assert.equal(await askBlocked(fixture), 'RELEASE_BLOCKED');
    });
  }

  test('after that the processes live and answer', () => expectAlive(fixture));
});

suite('revisions beside invalid ones', () => {
  test('a newest revision that becomes valid is taken, and stays when it becomes invalid again', async () => {
    await using fixture = await startFixture();
    await fixture.store.put(second, 'models: {');
    await waitFor('the log to say so', () => faultLines(fixture)[0]);
    await fixture.store.put(second, revisionText(2, '{ loan: { default: 1.1.0 } }'));
    await waitFor('the revision to be taken', async () => (await askBlocked(fixture)) === 'OK');
    await fixture.store.put(second, 'models: {');
    await waitFor('the log to say so again', () => faultLines(fixture).length === 2);
    assert.equal(await metricValue(fixture.sluice.gateway.metrics, 'sluice_revision', {}), 2);
    assert.equal(await askBlocked(fixture), 'OK');
  });

  test('a gateway that starts over one takes the last good one, and says so', async () => {
    await using fixture = await startFixture();
    await fixture.store.put(second, 'models: {');
    const runtimes = fixture.sluice.runtimes.map(({ grpc }) => grpc);
    await using gateway = await startGateway(runtimes, fixture.store.url);
    assert.ok(gateway.lines.some(({ msg }) => faultLine.test(String(msg))));
    assert.equal(await metricValue(gateway.metrics, 'sluice_revision', {}), 1);
  });

  test('a default that the store does not hold is named with the revision that wants it', async () => {
    await using fixture = await startFixture();
    await fixture.store.put(second, revisionText(2, '{ loan: { default: 9.0.0 } }'));
    const outcome = await waitFor('the revision to be taken', async () => {
      const answer = await fixture.doors.unary(loan());
      return 'refused' in answer ? answer.refused : undefined;
    });
    assert.equal(outcome.code, 'RELEASE_NOT_FOUND');
    assert.match(outcome.message, /loan.*'9.0.0', the default of revision 2.*it has 1.1.0, 1.0.0/);
  });
});
