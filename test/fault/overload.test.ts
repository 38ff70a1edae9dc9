import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifest } from '../support/celled.ts';
import { waitFor } from '../support/wait-for.ts';
import { askAt, doors, type Question } from './support/ask-at-doors.ts';
import { type Cluster, startCluster } from './support/cluster.ts';
import { type Load, startLoad } from './support/load.ts';
import { metricOf } from './support/metrics.ts';
import { slowModel } from './support/models.ts';
import type { Outcome } from './support/outcome.ts';

/** Some ten milliseconds of computing, one request at a time. */
const slow: Question = { model: 'slow', name: 'size', datatype: 'INT64', values: [256, 256] };
/** Of so many requests one has so little time that it may expire. */
const [hastyEach, hastyMs] = [4, 100];
/** Requests for each one that can be answered, at least. */
const overload = 5;

/** Statuses over gRPC and REST of what an overload may do to a request. */
const endings: Readonly<Record<string, readonly [grpc: number, rest: number]>> = {
  OVERLOADED: [8, 429],
  QUEUE_FULL: [8, 429],
  DEADLINE_EXCEEDED: [4, 504],
};
const hinted = ['OVERLOADED', 'QUEUE_FULL'];

const assertEnding = (door: string, { code, status, retryAfterMs = 0 }: Outcome): void => {
  const expected = endings[code];
  assert.ok(expected, `${door}: ${code}`);
  assert.equal(status, expected[door === 'REST' ? 1 : 0], `${door}: ${code}`);
  if (hinted.includes(code)) assert.ok(retryAfterMs > 0, `${door}: ${code} says when to come back`);
};

const outcomesOf = (loads: ReadonlyMap<string, Load>): { door: string; outcome: Outcome }[] =>
  [...loads].flatMap(([door, { outcomes }]) =>
    [...outcomes].map(([id, [outcome, ...more]]) => {
      assert.ok(outcome !== undefined && more.length === 0, `${door}: request ${id} ended once`);
      return { door, outcome };
    }),
  );

/** What is still anywhere. */
const occupied = ({ gateway: { metrics } }: Cluster): Promise<number[]> =>
  Promise.all(
    [
      'nv_inference_pending_request_count',
      'sluice_admission_waiting_requests',
      'sluice_admission_in_flight_requests',
      'sluice_admission_bytes',
      'sluice_runtime_in_flight_requests',
    ].map((name) => metricOf(metrics, name)),
  );

/** Load at every door, stopped when the model has answered often enough. */
const flood = async (cluster: Cluster, answers: number): Promise<{ door: string; outcome: Outcome }[]> => {
  using stack = new DisposableStack();
  const ask = (door: (typeof doors)[number]) => (id: number) =>
    askAt[door](cluster, id % hastyEach === 0 ? { ...slow, timeoutMs: hastyMs } : slow);
  const loads = new Map(doors.map((door) => [door, stack.use(startLoad(ask(door)))]));
  const all = [...loads.values()];
  await waitFor(
    'enough answers',
    () => all.reduce((sum, load) => sum + load.count('OK'), 0) >= answers,
    240_000,
  );
  await Promise.all(all.map((load) => load.stop()));
  return outcomesOf(loads);
};

/** The answers take some twenty and ten seconds on a usual machine. */
const rows = [
  { bound: 'admission', runtimeEnv: {}, code: 'OVERLOADED', answers: 200 },
  {
    bound: 'the queue of a runtime',
    runtimeEnv: { MAX_QUEUE_ENTRIES: '1' },
    code: 'QUEUE_FULL',
    answers: 100,
  },
] as const;

for (const { bound, runtimeEnv, code, answers } of rows) {
  test(`more than ${overload} times what a runtime can do, bounded by ${bound}: each request ends once, and nothing stays`, async () => {
    await using cluster = await startCluster({
      runtimes: 1,
      files: {
        'slow/1/model.onnx': slowModel(),
        'slow/1/sluice.yaml': manifest('slow', { isolation: 'shared' }),
      },
      env: { ADMISSION_MAX_IN_FLIGHT: '4', MAX_WAITING: '8' },
      runtimeEnv,
    });
    const ended = await flood(cluster, answers);
    const failed = ended.filter(({ outcome }) => outcome.code !== 'OK');
    for (const { door, outcome } of failed) assertEnding(door, outcome);
    assert.ok(failed.some(({ outcome }) => outcome.code === code));
    const answered = ended.length - failed.length;
    assert.ok(ended.length > overload * answered, `${answered} of ${ended.length} were answered`);
    assert.deepEqual(await occupied(cluster), [0, 0, 0, 0, 0]);
    for (let count = 0; count < 10; count += 1)
      for (const door of doors) assert.equal((await askAt[door](cluster, slow)).code, 'OK', door);
    assert.deepEqual(await occupied(cluster), [0, 0, 0, 0, 0]);
  });
}
