import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { expectAlive, type Fixture, startFixture } from './bad-input/fixture.ts';
import { behindSlowOne, untilPending } from './bad-input/occupied.ts';
import { slowInfer } from './bad-input/requests.ts';
import { runRows } from './bad-input/run-rows.ts';
import { throughStream } from './bad-input/stream-door.ts';
import { wireInfer } from './bad-input/wire.ts';

const failed = /^the graph failed: .*Gather.*(out of data bounds|out of range)/is;

runRows('graphs that fail at run time', [
  {
    name: 'the message is that of ONNX Runtime (tensors)',
    request: { infer: slowInfer([1], 3) },
    code: 'COMPUTE_FAILED',
    message: failed,
  },
  {
    name: 'the message is that of ONNX Runtime (features)',
    request: { predict: { model: 'slow', features: { index: 3 } } },
    code: 'COMPUTE_FAILED',
    message: failed,
  },
]);

suite('a batch with one bad member', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  /** Sends requests for these rows while the session is busy, so that they are gathered into one batch. */
  const together = async (indices: readonly number[]) => {
    const items = indices.map((index) => wireInfer(slowInfer([1, 1], index), String(index)));
    const sent: Promise<readonly { readonly errorMessage: string }[]>[] = [];
    const computed = await behindSlowOne(fixture, async () => {
      sent.push(throughStream(fixture.clients.inference.ModelStreamInfer(), items));
      await untilPending(fixture, items.length);
    });
    const [answers = []] = await Promise.all(sent);
    return { computed, messages: answers.map(({ errorMessage }) => errorMessage) };
  };

  test('without the bad one it is computed at once', async () => {
    const { computed, messages } = await together([0, 1, 2, 1, 2, 1, 0, 1]);
    assert.deepEqual(messages, new Array(8).fill(''));
    assert.deepEqual(computed, { requests: 8, runs: 1, rows: 8 });
  });

  test('with it only the bad one fails', async () => {
    const { computed, messages } = await together([0, 1, 2, 3, 2, 1, 0, 1]);
    assert.match(String(messages[3]), /^COMPUTE_FAILED: the graph failed: /);
    assert.deepEqual(messages.toSpliced(3, 1), new Array(7).fill(''));
    assert.deepEqual(computed, { requests: 8, runs: 8, rows: 7 });
  });

  test('after that the processes live and answer', () => expectAlive(fixture));
});
