import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowReader } from '@sluice/kernel/link/rows';
import fc from 'fast-check';
import type { ScoreRequest } from '../gateway-link.ts';
import { frameBuilder, maxBindings } from './frame-builder.ts';
import type { Task } from './task.ts';
import { protos } from './testing/fake-gateway.ts';
import { binding, request } from './testing/open-link.ts';

const { ExchangeRequest } = protos.sluice.gateway.v1;
const bindings = Array.from({ length: maxBindings + 200 }, (_, index) => ({
  ...binding,
  stream: `s-${index}`,
}));

const task = (id: number, to = 0, more: Partial<ScoreRequest> = {}): Task => ({
  request: request(more),
  binding: bindings[to] ?? binding,
  owner: {},
  bytes: 0,
  dueAt: performance.now() + 1_000,
  asker: { scored: () => undefined, failed: assert.fail },
  id,
});

const every = { isWanted: () => true, onUnwritable: (_: Task, error: Error) => assert.fail(error.message) };

/** Reads frames as a gateway does: what a frame declares counts for all of its entries. */
const readingGateway = () => {
  const streams = new Map<number, string>();
  const rows = rowReader();
  return (frame: Buffer) => {
    const { bindings: declared, layouts, entries } = ExchangeRequest.deserialize(frame);
    for (const { id, stream } of declared) streams.set(id, stream);
    for (const layout of layouts) rows.declare(layout);
    return entries.map((entry) => ({
      stream: streams.get(entry.binding),
      features: rows.read(entry.features),
    }));
  };
};

test('an entry refers to its own binding, however many there were before', () => {
  const frame = fc.tuple(
    fc.nat(bindings.length - 1),
    fc.integer({ min: 1, max: 1_024 }),
    fc.constantFrom(1, 3, 600),
  );
  fc.assert(
    fc.property(fc.array(frame, { minLength: 2, maxLength: 6 }), (frames) => {
      const build = frameBuilder(every);
      const read = readingGateway();
      for (const [from, length, stride] of frames) {
        const sent = Array.from({ length }, (_, index) =>
          task(index + 1, (from + index * stride) % bindings.length),
        );
        const came = read(ExchangeRequest.serialize(build(sent.map((each) => ({ task: each })))));
        assert.deepEqual(
          came.map(({ stream }) => stream),
          sent.map(({ binding: { stream } }) => stream),
        );
      }
    }),
    { numRuns: 20 },
  );
});

test('features come as they were given, those of different layouts in one frame', () => {
  const given = [
    { a: 1, b: 'x' },
    { b: 'y', a: 2, c: true },
    { a: null, d: [1, { e: 'z' }] },
    {},
    { a: 3, b: 'z' },
  ];
  const build = frameBuilder(every);
  const read = readingGateway();
  const items = given.map((features, index) => ({ task: task(index + 1, 0, { features }) }));
  assert.deepEqual(
    read(ExchangeRequest.serialize(build(items))).map(({ features }) => features),
    given,
  );
});

test('what nobody wants any more is not in the frame, and the latest report is', () => {
  const report = (scorer: string) => ({ report: { scorer }, bytes: 1 });
  const build = frameBuilder({ ...every, isWanted: ({ id }) => id !== 2 });
  const frame = build([{ task: task(1) }, report('a'), { task: task(2) }, { cancel: 2 }, report('b')]);
  assert.deepEqual(
    [frame.entries?.map(({ id }) => id), frame.cancels, frame.report],
    [[1], [2], { scorer: 'b' }],
  );
});

test('what cannot be written fails alone', () => {
  const failed: [number, string][] = [];
  const onUnwritable = ({ id }: Task, { code }: { code: string }) => void failed.push([id, code]);
  const features = {
    get broken(): number {
      throw new Error('no');
    },
  };
  const frame = frameBuilder({ ...every, onUnwritable })([
    { task: task(1, 0, { features }) },
    { task: task(2) },
  ]);
  assert.deepEqual([failed, frame.entries?.map(({ id }) => id)], [[[1, 'INVALID_INPUT']], [2]]);
});

for (const [left, expected] of [
  [-50, 1],
  [1e9, 0xffff_ffff],
] as const)
  test(`${left} ms until the deadline are ${expected} µs`, () => {
    const late = { ...task(1), dueAt: performance.now() + left };
    assert.equal(frameBuilder(every)([{ task: late }]).entries?.[0]?.remainingUs, expected);
  });
