import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import {
  contentOf,
  feed,
  newStream,
  startStream,
  textsOf,
  untilCommitted,
} from './testing/running-stream.ts';
import { scored } from './testing/stand-ins.ts';

for (const delivery of ['at-least-once', 'exactly-once']) {
  test(`${delivery}: what comes of the events of a partition leaves in their order, whatever takes longer`, async (t) => {
    const { log } = await temporaryLog(t);
    const stream = await newStream(log, { delivery });
    const texts = Array.from({ length: 500 }, (_, index) => `${index}`);
    await feed(log, stream, texts);
    await feed(log, stream, texts, { partition: 1 });
    startStream(t, log, stream, async ({ features }) => {
      for (let turns = (Number(features['text']) * 7) % 13; turns > 0; turns -= 1) await turn();
      return scored();
    });
    await untilCommitted(log, stream, 1_000);
    const sunk = textsOf(await contentOf(log, stream.to, 1_000));
    assert.equal(sunk.length, 1_000);
    for (const partition of ['0', '1'])
      assert.deepEqual(
        sunk.filter((text) => text.startsWith(`${partition}:`)),
        texts.map((text) => `${partition}:${text}:${text}`),
      );
  });
}
