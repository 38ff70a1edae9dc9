import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { RepositoryIndexResponse__Output } from '@sluice/protos/gen/inference/RepositoryIndexResponse';
import { unary } from '../support/clients.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectRefused } from './bad-input/expect-refused.ts';
import { expectAlive, type Fixture, startFixture } from './bad-input/fixture.ts';
import { refusalOf } from './bad-input/grpc-refusal.ts';
import { pair } from './bad-input/requests.ts';
import { type DomainRequest, doorNames, type Row } from './bad-input/row.ts';
import { runRows } from './bad-input/run-rows.ts';

const strange: DomainRequest = {
  infer: { model: 'strange', inputs: [{ name: 'x', datatype: 'FP32', shape: [1], values: [1] }] },
};
const half: DomainRequest = {
  infer: { model: 'half', inputs: [{ name: 'x0', datatype: 'FP16', shape: [1, 2], raw: new Uint8Array(4) }] },
};

runRows('broken releases', [
  {
    name: 'a release whose graph is cut short is unavailable with the reason, and no other one answers for it',
    request: pair({ model: 'mixed' }),
    code: 'RELEASE_UNAVAILABLE',
    message: /^mixed 2 is not available: .*(index out of range|model.onnx)/,
    retry: true,
  },
  {
    name: 'the same, to those who ask with features',
    request: { predict: { model: 'mixed', features: {} } },
    code: 'RELEASE_UNAVAILABLE',
    message: /^mixed 2 is not available: .*(index out of range|model.onnx)/,
    retry: true,
  },
  {
    name: 'a release that ONNX Runtime refuses is unavailable with its reason',
    request: strange,
    code: 'RELEASE_UNAVAILABLE',
    message: /^strange 1 is not available: 127.0.0.1:\d+: .*NoSuchOperator/s,
    retry: true,
  },
]);

const unloaded: Row = {
  name: 'unloaded',
  request: half,
  code: 'RELEASE_UNAVAILABLE',
  message: /^half 1 is not available: 127.0.0.1:\d+: unloaded$/,
  retry: true,
};

suite('releases that are not ready', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  const index = async (): Promise<Map<string, readonly [state: string, reason: string]>> => {
    const answer = await unary<RepositoryIndexResponse__Output>((done) =>
      fixture.clients.inference.RepositoryIndex({}, done),
    );
    return new Map(
      answer.models.map(({ name, version, state, reason }) => [`${name} ${version}`, [state, reason]]),
    );
  };

  test('the repository index lists the broken ones as UNAVAILABLE with their reasons, and the others as READY', async () => {
    const listed = await index();
    assert.equal(listed.get('mixed 2')?.[0], 'UNAVAILABLE');
    assert.match(String(listed.get('mixed 2')?.[1]), /index out of range|model.onnx/);
    assert.equal(listed.get('strange 1')?.[0], 'UNAVAILABLE');
    assert.match(String(listed.get('strange 1')?.[1]), /NoSuchOperator/);
    for (const name of ['pair 1', 'loan 1.0.0']) assert.deepEqual(listed.get(name), ['READY', '']);
    assert.deepEqual(listed.get('mixed 1'), ['READY', 'loaded when somebody asks for it']);
  });

  for (const door of doorNames) {
    test(`the good release beside a broken one answers, at the door ${door}`, async () => {
      const outcome = await fixture.doors[door](pair({ model: 'mixed', version: '1' }));
      assert.deepEqual(outcome, { answered: ['y0', 'y1'] });
    });
  }

  test('loading a broken release says why it cannot be', async () => {
    const call = unary((done) => fixture.clients.inference.RepositoryModelLoad({ modelName: 'mixed' }, done));
    const { code, message } = refusalOf(await call.catch((error: unknown) => error));
    assert.equal(code, 'RELEASE_UNAVAILABLE');
    assert.match(message, /failed to load mixed: 2: .*(index out of range|model.onnx)/);
  });

  for (const method of ['RepositoryModelLoad', 'RepositoryModelUnload'] as const) {
    test(`${method} of a model that does not exist does not find it`, async () => {
      const call = unary((done) => fixture.clients.inference[method]({ modelName: 'nobody' }, done));
      const { code, message } = refusalOf(await call.catch((error: unknown) => error));
      assert.equal(code, 'MODEL_NOT_FOUND');
      assert.match(message, /no model nobody/);
    });
  }

  test('a release that was unloaded is refused at every door, and answers when it is loaded again', async () => {
    const { inference } = fixture.clients;
    const stateOfHalf = async () => (await index()).get('half 1')?.[0];
    await unary((done) => inference.RepositoryModelUnload({ modelName: 'half' }, done));
    await waitFor('half to be unloaded', async () => (await stateOfHalf()) === 'UNAVAILABLE');
    for (const door of doorNames) expectRefused(unloaded, door, await fixture.doors[door](half));
    await unary((done) => inference.RepositoryModelLoad({ modelName: 'half' }, done));
    await waitFor('half to be ready', async () => (await stateOfHalf()) === 'READY');
    for (const door of doorNames.slice(0, 2))
      assert.deepEqual(await fixture.doors[door](half), { answered: ['y0'] });
  });

  test('after that the processes live and answer', () => expectAlive(fixture));
});
