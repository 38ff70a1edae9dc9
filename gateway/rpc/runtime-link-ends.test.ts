import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RuntimeLost } from '../core/runtime.ts';
import { until } from './testing/fake-runtime.ts';
import { never, request, startBoth } from './testing/open-link.ts';

test('a draining runtime gets nothing new, and both streams end after the last answer', async (t) => {
  const { runtime, link, main, bulk, asked } = await startBoth(t);
  runtime.announce({ draining: true });
  await until(() => !link.available);
  await assert.rejects(link.infer(request(), never), RuntimeLost);
  main.answer(1);
  await asked[0];
  assert.deepEqual([main.isEnded, bulk.isEnded], [false, false]);
  bulk.answer(1);
  await asked[1];
  await until(() => main.isEnded && bulk.isEnded);
});

test('a link that retires closes after its last answer', async (t) => {
  const { link, events, main, bulk, asked } = await startBoth(t);
  link.retire();
  assert.equal(link.available, false);
  main.answer(1);
  await asked[0];
  assert.equal(events.isClosed, false);
  bulk.answer(1);
  await asked[1];
  await until(() => events.isClosed);
  assert.deepEqual(events.lost, []);
});

test('a link that retires closes when the runtime dies, and does not come back', async (t) => {
  const { runtime, link, events, asked } = await startBoth(t);
  link.retire();
  runtime.kill();
  for (const each of asked) await assert.rejects(each, RuntimeLost);
  assert.equal(events.isClosed, true);
});

test('a link that is left loses what is under way, with the reason', async (t) => {
  const { link, events, asked } = await startBoth(t);
  link.leave('it hangs');
  for (const each of asked) await assert.rejects(each, { name: 'RuntimeLost', told: 'it hangs' });
  assert.deepEqual([events.isClosed, events.lost.length], [true, 1]);
});
