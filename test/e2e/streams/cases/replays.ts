import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { newTopic } from '@sluice/kernel/event-log/testing/messages';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { newestRevision } from '@sluice/kernel/revision/revisions';
import { house } from '../houses.ts';
import type { Status } from '../status.ts';
import { committedOf, outcomeOf, placeOf, runStream, scoredOf, typed } from '../streams.ts';
import { contentOf, event, headersOf, send } from '../topics.ts';
import type { World } from '../world.ts';

const eventCount = 60;
const stepMs = 60_000;
/** Kafka forgets what is older than a week. */
const firstMs = Date.now() - 2 * eventCount * stepMs;
const from = { 'a time': new Date(firstMs + 40 * stepMs).toISOString(), 'an offset': '25' };
const firstOf = { 'a time': 40, 'an offset': 25 };

const predictionsIn = (messages: readonly Received[]): Map<string, unknown> =>
  new Map(messages.map((message) => [placeOf(message), scoredOf(message).prediction]));

/** Past events, scored once more. */
export const replayCases = (world: World): void => {
  test('streams replay from a time and from an offset scores past events alike under other ids, records nothing, and leaves the stream its place', async () => {
    await using stack = new AsyncDisposableStack();
    const { log } = world();
    const stream = await runStream(world(), stack, { model: 'house-price' });
    const messages = Array.from({ length: eventCount }, (_, index) =>
      event('k', house(index), { timestampMs: firstMs + index * stepMs }),
    );
    await send(log, stream.from, messages);
    const live = await outcomeOf(world(), stream);
    const ids = new Set(live.map((message) => scoredOf(message).predictionId));
    const place = await committedOf(world(), stream);
    const replayedIds: string[] = [];
    for (const [what, start] of Object.entries(from)) {
      const into = await newTopic(log);
      const args = ['--from', start, '--into', into];
      const ended = await typed<Status>(world(), 'streams', 'replay', stream.name, ...args);
      const first = firstOf[what as keyof typeof firstOf];
      assert.deepEqual([ended.state, ended.partitions?.[0]?.scored], ['FINISHED', eventCount - first], what);
      const replayed = await contentOf(log, into);
      assert.deepEqual(predictionsIn(replayed), predictionsIn(live.slice(first)), what);
      const own = replayed.map((message) => scoredOf(message).predictionId);
      assert.ok(!own.some((id) => ids.has(id)), what);
      replayedIds.push(...own);
    }
    assert.deepEqual(await committedOf(world(), stream), place);
    const records = new Set((await contentOf(log, predictionsTopic)).map((each) => headersOf(each)['ce_id']));
    assert.ok(!replayedIds.some((id) => records.has(id)));
    const { status } = await world().ask('GET', `/v1/predictions/${replayedIds[0]}`);
    assert.equal(status, 404);
    const { revision } = await newestRevision(world().store);
    assert.ok(!revision.streams.some(({ replayOf }) => replayOf === stream.name), 'the replays are gone');
  });
};
