import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idOf, pageOf, recordedPrediction } from '../../testing/recorded.ts';
import { runSluice } from '../../testing/run-sluice.ts';
import { type DoorAnswer, type DoorRequest, standInDoor } from '../../testing/stand-in-door.ts';

const notYet: DoorAnswer = { status: 503, body: { code: 'NOT_YET_VISIBLE', message: 'not yet visible' } };

test('get waits for a prediction that is not visible yet', async (t) => {
  const stored = recordedPrediction(1);
  let asked = 0;
  const server = await standInDoor(t, ({ path }) => {
    assert.equal(path, `/v1/predictions/${idOf(1)}`);
    asked += 1;
    return asked < 3 ? notYet : { body: stored };
  });
  const { exitCode, stdout } = await runSluice(['predictions', 'get', idOf(1), '--server', server]);
  assert.equal(exitCode, 0);
  assert.deepEqual(JSON.parse(stdout), stored);
});

test('get waits no longer than it is told', async (t) => {
  const server = await standInDoor(t, () => notYet);
  const args = ['predictions', 'get', idOf(1), '--wait', '0', '--server', server];
  const { exitCode, stderr } = await runSluice(args, { isInteractive: true });
  assert.deepEqual([exitCode, stderr], [1, 'sluice: not yet visible (NOT_YET_VISIBLE)\n']);
});

test('get shows a prediction with its input, its trace and what became known', async (t) => {
  const given = { author: 'ada@lab', time: '2026-11-20T12:00:00.000Z', label: 'yes', comment: 'left in May' };
  const record = {
    input: { features: { tenure: 5, email: '8f3a' } },
    redactions: [
      { feature: 'email', how: 'hash' },
      { feature: 'name', how: 'drop' },
    ],
  };
  const stored = { ...recordedPrediction(1, { record, feedback: [given] }), traceUrl: 'http://jaeger/t/1' };
  const server = await standInDoor(t, () => ({ body: stored }));
  const args = ['predictions', 'get', idOf(1), '--server', server];
  const { stdout } = await runSluice(args, { isInteractive: true });
  for (const line of [
    /^probability {2}0\.01$/m,
    /^release +churn 1\.0\.0$/m,
    /^entity +c-1$/m,
    /^trace +http:\/\/jaeger\/t\/1$/m,
    /^total +0\.9 ms$/m,
    /^tenure +5$/m,
    /^email +8f3a \(hash\)$/m,
    /^name +\(dropped\)$/m,
    /^2026-11-20T12:00:00\.000Z +ada@lab +yes +left in May$/m,
  ])
    assert.match(stdout, line);
});

test('list asks for what its options say', async (t) => {
  const asked: DoorRequest[] = [];
  const server = await standInDoor(t, (request) => {
    asked.push(request);
    return pageOf([], request);
  });
  const options = ['--model', 'churn', '--version', '1.0.0', '--from', '2026-11-20', '--outcome', 'refusal'];
  const more = ['--code', 'TOO_OLD', '--entity', 'c-1', '--without-feedback', '--synthetic', '--limit', '7'];
  await runSluice(['predictions', 'list', ...options, ...more, '--page-token', 'abc', '--server', server]);
  assert.deepEqual(Object.fromEntries(asked[0]?.query ?? []), {
    model: 'churn',
    version: '1.0.0',
    from: '2026-11-20T00:00:00.000Z',
    outcome: 'refusal',
    code: 'TOO_OLD',
    entityId: 'c-1',
    hasFeedback: 'false',
    synthetic: 'true',
    pageSize: '7',
    pageToken: 'abc',
  });
});

test('list goes through pages up to its limit, and says how to go on', async (t) => {
  const predictions = Array.from({ length: 1_600 }, (_, index) => recordedPrediction(index));
  const server = await standInDoor(t, (request) => pageOf(predictions, request));
  const args = ['predictions', 'list', '--limit', '1500', '--server', server];
  const { stdout } = await runSluice(args);
  const page = JSON.parse(stdout) as { predictions: unknown[]; nextPageToken: string };
  assert.deepEqual([page.predictions.length, page.nextPageToken], [1_500, '1500']);
  assert.deepEqual(page.predictions[0], predictions.at(-1));
  const { stdout: table } = await runSluice(args, { isInteractive: true });
  assert.match(table, /^2026-11-20T10:26:39\.000Z +\S+ +churn +1\.0\.0 +prediction +OK +c-1599$/m);
  assert.match(table, /\nThere are more: --page-token 1500\n$/);
});
