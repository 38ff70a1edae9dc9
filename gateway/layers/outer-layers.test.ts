import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { Statistics } from '@sluice/kernel/oip/statistics';
import { createLog } from '@sluice/kernel/telemetry/log';
import type { Answer, ResolvedCall } from '../core/call.ts';
import { computed, resolvedCall, served, testCall, testRelease, testScope } from '../testing/calls.ts';
import { testResolver } from '../testing/resolvers.ts';
import { accessLog } from './access-log.ts';
import { measure } from './measure.ts';
import { resolve } from './resolve.ts';

const answer: Answer = {
  predictionId: 'p',
  release: testRelease(),
  tensors: [],
  outcome: { kind: 'prediction', named: {} },
  timings: computed().timings,
  warnings: [],
  totalMs: 1,
};

test('resolve hands on the one release and the parameters of the revision', async () => {
  const seen: ResolvedCall[] = [];
  const only = served();
  const parameters = { limit: 0.9 };
  const resolver = testResolver([{ version: '1.0.0', served: only }], { parameters });
  const layer = resolve(() => resolver);
  const handle = layer(async (call) => {
    seen.push(call);
    return answer;
  });
  await handle({ ...testCall(), dueAt: 1, trail: {} });
  assert.equal(seen[0]?.served, only);
  assert.deepEqual(seen[0].parameters, parameters);
  await assert.rejects(async () => handle({ ...testCall({ model: 'n' }), dueAt: 1, trail: {} }), {
    code: 'MODEL_NOT_FOUND',
  });
});

test('measure counts rows, answers and failures by release, and what is pending', async () => {
  const statistics = new Statistics();
  const observed: string[] = [];
  const pending: number[] = [];
  const counts = statistics.of(testRelease());
  const layer = measure({
    statistics,
    now: () => 30,
    observe: (_, { predictionId }) => observed.push(predictionId),
  });
  const x = { name: 'x', datatype: 'FP32', shape: [3, 2], data: new Uint8Array(24) } as const;
  const call = resolvedCall({}, { input: { kind: 'tensors', tensors: [x], outputs: [] } });
  const timed = { ...call, scope: testScope({ arrivedAt: 10 }) };
  await layer(async () => {
    pending.push(counts.pending);
    return answer;
  })(timed);
  const failing = layer(() => Promise.reject(new SluiceError('QUEUE_FULL', 'full')));
  await assert.rejects(failing(timed), { code: 'QUEUE_FULL' });
  assert.deepEqual([counts.inferenceCount, counts.executionCount, counts.pending], [3, 1, 0]);
  assert.deepEqual(
    [counts.success, counts.fail],
    [
      { count: 1, ns: 20_000_000 },
      { count: 1, ns: 20_000_000 },
    ],
  );
  assert.deepEqual([[...counts.failures], pending, observed], [[['REJECTED', 1]], [1], ['p']]);
});

const logged = (sample: number) => {
  const lines: Record<string, unknown>[] = [];
  const observed: [code: string, seconds: number][] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const log = createLog({ process: 'test', environment: 'dev', level: 'debug', destination: { write } });
  const observe = (_: unknown, code: string, seconds: number) => void observed.push([code, seconds]);
  return { lines, observed, layer: accessLog({ log, sample, now: () => 12.5, observe }) };
};
const call = testCall({ requestId: 'r-1', version: '1' });
const timed = { ...call, scope: testScope({ arrivedAt: 10 }) };

test('an answer gets its line by sample, and is observed always', async () => {
  const [always, never] = [logged(1), logged(0)];
  for (const { layer } of [always, never]) assert.equal(await layer(async () => answer)(timed), answer);
  const [line, ...more] = always.lines;
  assert.deepEqual([more, never.lines], [[], []]);
  assert.deepEqual(
    [line?.['msg'], line?.['model'], line?.['version'], line?.['code'], line?.['request_id'], line?.['ms']],
    ['answered', 'm', '1.0.0', 'OK', 'r-1', 2.5],
  );
  assert.equal(line?.['trace_id'], timed.scope.spanContext.traceId);
  assert.deepEqual([always.observed, never.observed], [[['OK', 0.0025]], [['OK', 0.0025]]]);
});

for (const [thrown, code, level] of [
  [new SluiceError('INVALID_INPUT', 'features.age: missing'), 'INVALID_INPUT', 'info'],
  [new SluiceError('CANCELLED', 'gone'), 'CANCELLED', 'debug'],
  [new SluiceError('RUNTIME_LOST', 'lost'), 'RUNTIME_LOST', 'warn'],
  [new TypeError('secret'), 'INTERNAL', 'error'],
] as const) {
  test(`a failure always gets its line, at the level of its code: ${code}`, async () => {
    const { lines, observed, layer } = logged(0);
    await assert.rejects(layer(() => Promise.reject(thrown))(timed), { code });
    assert.deepEqual([lines[0]?.['code'], lines[0]?.['level'], observed[0]?.[0]], [code, level, code]);
    assert.doesNotMatch(String(lines[0]?.['reason']), /secret/);
  });
}

test('no payload is in a line', async () => {
  const { lines, layer } = logged(1);
  const input = { kind: 'features', features: { secret_age: 41 } } as const;
  await layer(async () => answer)({ ...timed, input });
  await assert.rejects(
    layer(() => Promise.reject(new SluiceError('INVALID_INPUT', 'no')))({ ...timed, input }),
  );
  assert.equal(lines.length, 2);
  assert.doesNotMatch(JSON.stringify(lines), /secret_age/);
});

for (const traffic of ['synthetic', 'replay'] as const)
  test(`what is ${traffic} is answered, and counted neither as an answer nor as a failure`, async () => {
    const statistics = new Statistics();
    const observed: string[] = [];
    const counts = statistics.of(testRelease());
    const layer = measure({ statistics, now: () => 30, observe: () => observed.push('answer') });
    const call = { ...resolvedCall(), traffic };
    assert.equal(await layer(async () => answer)(call), answer);
    await assert.rejects(layer(() => Promise.reject(new Error('no')))(call));
    assert.deepEqual(
      [counts.inferenceCount, counts.success.count, counts.fail.count, observed],
      [0, 0, 0, []],
    );
  });
