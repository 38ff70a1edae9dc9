import assert from 'node:assert/strict';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { PredictStreamRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictStreamRequest';
import type { PredictStreamResponse } from '@sluice/protos/gen/sluice/v1/PredictStreamResponse';
import { loadProtos } from '@sluice/protos/load';
import type { CommandFailure } from '../command-failure.ts';
import type { Outcome, Slot } from './row.ts';
import { openScorer } from './scorer.ts';
import { requestEncoder } from './wire/encode-request.ts';
import { splitFrames } from './wire/split-frames.ts';

const { PredictStream } = loadProtos().sluice.v1.PredictionService.service;

/** What is done about a row that comes for the first, second, … time; a number ends the stream with that status. */
type Act = (requestId: string, time: number) => PredictStreamResponse | number | 'lose';

const predicted = (requestId: string): PredictStreamResponse => ({
  response: { requestId, predictionId: 'p' },
});
const failed = (requestId: string, code: string): PredictStreamResponse => ({
  error: { requestId, code, message: 'no' },
});

const frameOf = (message: PredictStreamResponse): Buffer => {
  const bytes = PredictStream.responseSerialize(message);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
};

const serve = (stream: ServerHttp2Stream, times: Map<string, number>, act: Act): void => {
  let status = 0;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('error', () => undefined);
  stream.on('wantTrailers', () =>
    stream.sendTrailers({ 'grpc-status': status, 'grpc-message': 'the%20end' }),
  );
  const answer = (bytes: Buffer, start: number, end: number): void => {
    if (stream.destroyed || stream.writableEnded) return;
    const { predict } = PredictStream.requestDeserialize(
      bytes.subarray(start, end),
    ) as PredictStreamRequest__Output;
    const id = predict?.requestId ?? '';
    times.set(id, (times.get(id) ?? 0) + 1);
    const done = act(id, times.get(id) ?? 0);
    if (done === 'lose') stream.session?.destroy();
    else if (typeof done === 'number') {
      status = done;
      stream.end();
    } else stream.write(frameOf(done));
  };
  stream.on('data', splitFrames(answer));
};

/** Asks about rows whose questions have so many bytes; what came of each, in their order. */
const ask = async (
  t: TestContext,
  act: Act,
  bytes: readonly number[],
  patienceMs: number,
): Promise<(Outcome | undefined)[]> => {
  const times = new Map<string, number>();
  const server = createServer().on('stream', (stream) => serve(stream, times, act));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { add, take } = requestEncoder('m', '1.0.0');
  for (const [index, size] of bytes.entries()) add(`r-${index + 1}`, 'x'.repeat(size), () => undefined);
  const { bytes: questions, ends } = take();
  const slots = ends.map(
    (end, index): Slot => ({
      row: index + 1,
      questions,
      start: ends[index - 1] ?? 0,
      end,
      kept: [],
      outcome: undefined,
      failures: 0,
      firstFailedMs: 0,
    }),
  );
  const all = Promise.withResolvers<void>();
  let left = slots.length;
  using scorer = openScorer({
    door: { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, tlsRoots: undefined },
    streams: 1,
    patienceMs,
    run: 'r-',
    settled: () => {
      left -= 1;
      if (left === 0) all.resolve();
    },
    failed: (error: CommandFailure) => all.reject(error),
  });
  scorer.ask(slots);
  await all.promise;
  return slots.map(({ outcome }) => outcome);
};

const long = 60_000;
const codesOf = (outcomes: readonly (Outcome | undefined)[]) =>
  outcomes.map((outcome) => (outcome?.kind === 'error' ? outcome.code : outcome?.kind));

test('what passes is tried again, what does not is an error', async (t) => {
  const act: Act = (id, time) => {
    if (id === 'r-1' && time < 3) return failed(id, 'QUEUE_FULL');
    return id === 'r-2' ? failed(id, 'INVALID_INPUT') : predicted(id);
  };
  assert.deepEqual(codesOf(await ask(t, act, [0, 0, 0], long)), [
    'prediction',
    'INVALID_INPUT',
    'prediction',
  ]);
});

test('a row that only fails is an error once others were answered and patience is over', async (t) => {
  const act: Act = (id) => (id === 'r-1' ? failed(id, 'RUNTIME_LOST') : predicted(id));
  assert.deepEqual(codesOf(await ask(t, act, [0, 0], 300)), ['RUNTIME_LOST', 'prediction']);
});

test('a connection that is lost in the middle is opened again', async (t) => {
  const act: Act = (id, time) => (id === 'r-2' && time === 1 ? 'lose' : predicted(id));
  assert.deepEqual(codesOf(await ask(t, act, [0, 0, 0], long)), ['prediction', 'prediction', 'prediction']);
});

test('a message that is too large for the gateway is given up, the others are not', async (t) => {
  const act: Act = (id) => (id === 'r-2' ? 8 : predicted(id));
  assert.deepEqual(codesOf(await ask(t, act, [10, 5_000, 20], long)), [
    'prediction',
    'MESSAGE_TOO_LARGE',
    'prediction',
  ]);
});

const ends: [what: string, act: Act, code: string][] = [
  ['where no row is answered', (id) => failed(id, 'RELEASE_UNAVAILABLE'), 'RELEASE_UNAVAILABLE'],
  ['where the model is gone', (id) => failed(id, 'MODEL_NOT_FOUND'), 'MODEL_NOT_FOUND'],
  ['where the stream is unknown', () => 12, 'UNREACHABLE'],
  ['where every connection is lost', () => 'lose', 'UNREACHABLE'],
];
for (const [what, act, code] of ends)
  test(`${what} the run ends`, (t) => assert.rejects(ask(t, act, [0, 0], 300), { code }));
