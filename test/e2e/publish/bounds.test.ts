import assert from 'node:assert/strict';
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Metadata } from '@grpc/grpc-js';
import type { PublishReleaseRequest } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import { adminKey, sendMessages } from '../../support/publishing.ts';
import { waitFor } from '../../support/wait-for.ts';
import { refusalOf } from '../bad-input/grpc-refusal.ts';
import { assertNothingLeft, messagesOf, type Publishable, startPublishable } from './fixture.ts';

/** A publication that stays open, and how it ends. */
const open = ({ clients }: Publishable, messages: readonly PublishReleaseRequest[]) => {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${adminKey}`);
  const ended = Promise.withResolvers<unknown>();
  const call = clients.model.PublishRelease(metadata, (error, value) => ended.resolve(error ?? value));
  for (const message of messages) call.write(message);
  return { call, ended: ended.promise };
};

const [announced = {}, ...chunks] = messagesOf('1.0.0');

const receiving = (sluice: Publishable): Promise<unknown> =>
  waitFor('the package to be received', async () => (await sluice.received()).length > 0);

test('a publisher that falls silent is given up after PUBLISH_SILENCE_MS', async () => {
  await using sluice = await startPublishable({ PUBLISH_SILENCE_MS: '200' });
  for (const messages of [[], [announced], [announced, ...chunks]]) {
    const { code, message } = refusalOf(await open(sluice, messages).ended);
    assert.equal(code, 'DEADLINE_EXCEEDED');
    assert.match(message, /did not come within 200 ms; nothing was published/);
    await assertNothingLeft(sluice);
  }
});

test('a publisher that is slow without end is given up after PUBLISH_MS', async () => {
  await using sluice = await startPublishable({ PUBLISH_MS: '500' });
  const { call, ended } = open(sluice, [announced]);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    call.write({ chunk: Buffer.alloc(0) });
    await pause(20);
  }
  assert.equal(refusalOf(await ended).code, 'DEADLINE_EXCEEDED');
  await assertNothingLeft(sluice);
});

test('a publisher that goes away leaves nothing', async () => {
  await using sluice = await startPublishable();
  const { call, ended } = open(sluice, [announced, ...chunks.slice(0, 1)]);
  await receiving(sluice);
  call.cancel();
  await ended;
  await waitFor('the rest to go', async () => (await sluice.received()).length === 0);
  await assertNothingLeft(sluice);
});

test('more publications at once than PUBLISH_MAX_CONCURRENT are told to come again', async () => {
  await using sluice = await startPublishable({ PUBLISH_MAX_CONCURRENT: '1' });
  const first = open(sluice, [announced]);
  await receiving(sluice);
  const refusal = refusalOf(await sendMessages(sluice.clients, messagesOf('2.0.0')).catch((error) => error));
  assert.equal(refusal.code, 'QUEUE_FULL');
  assert.equal(refusal.retryAfterMs, 1_000);
  for (const chunk of chunks) first.call.write(chunk);
  first.call.end();
  await first.ended;
  assert.equal((await sendMessages(sluice.clients, messagesOf('2.0.0'))).state, 'RELEASE_STATE_READY');
});

test('a gateway that stops gives up what has not come whole, and says so', async () => {
  await using sluice = await startPublishable();
  const { ended } = open(sluice, [announced]);
  await receiving(sluice);
  sluice.gateway.signal('SIGTERM');
  const { code, message } = refusalOf(await ended);
  assert.equal(code, 'DRAINING');
  assert.match(message, /nothing was published, publish again/);
  assert.equal(await sluice.gateway.exited, 0);
  await assertNothingLeft(sluice);
});

test('what a killed gateway left where it received packages goes with the next publication, when it is old', async () => {
  await using sluice = await startPublishable({ PUBLISH_MS: '20000' });
  const [old, young] = ['sluice-publish-old', 'sluice-publish-young'].map((name) =>
    join(sluice.receiving, name),
  );
  for (const folder of [old, young]) await mkdir(join(folder ?? '', 'echo/1.0.0'), { recursive: true });
  const aMinuteAgo = new Date(Date.now() - 60_000);
  await utimes(old ?? '', aMinuteAgo, aMinuteAgo);
  await sendMessages(sluice.clients, messagesOf('1.0.0'));
  assert.deepEqual(await sluice.received(), ['sluice-publish-young']);
});
