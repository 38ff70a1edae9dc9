import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GetStreamResponse__Output } from '@sluice/protos/gen/sluice/v1/GetStreamResponse';
import type { ListStreamsResponse__Output } from '@sluice/protos/gen/sluice/v1/ListStreamsResponse';
import { metricOf } from '../../../fault/support/metrics.ts';
import { unary } from '../../../support/clients.ts';
import { startProcess } from '../../../support/process.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { house } from '../houses.ts';
import { type Status, statusOf, untilState } from '../status.ts';
import { addStreams, outcomeOf, runStream, typed } from '../streams.ts';
import { event, longMs, send } from '../topics.ts';
import type { World } from '../world.ts';

const eventCount = 30;

/** How a stream stands once it is done: what changes with the clock is left out. */
const settled = ({ name, state, lagMessages = 0, partitions = [] }: Status) => ({
  name,
  state,
  lagMessages,
  partitions: partitions.map(({ partition = 0, scorer, committed, scored = 0 }) => ({
    partition,
    scorer,
    committed,
    scored,
  })),
});

/** What is said of streams. */
export const statusCases = (world: World): void => {
  test('REST, gRPC, the command and the metrics agree on how far a stream is', async () => {
    await using stack = new AsyncDisposableStack();
    const { log, clients, ask, scorer } = world();
    const stream = await runStream(world(), stack, { model: 'house-price' }, 2);
    const messages = Array.from({ length: eventCount }, (_, index) =>
      event('k', house(index), { partition: index % 2 }),
    );
    await send(log, stream.from, messages);
    await outcomeOf(world(), stream);
    const scored = eventCount / 2;
    const expected = {
      name: stream.name,
      state: 'RUNNING',
      lagMessages: 0,
      partitions: [0, 1].map((partition) => ({
        partition,
        scorer: 'scorer-1',
        committed: `${scored}`,
        scored,
      })),
    };
    const rest = await waitFor(
      'the status',
      async () => {
        const status = await statusOf(world(), stream.name);
        const settledParts = status?.partitions?.filter((each) => each.scored === scored);
        return settledParts?.length === 2 && status;
      },
      longMs,
    );
    assert.deepEqual(settled(rest), expected);
    const { stream: grpc } = await unary<GetStreamResponse__Output>((done) =>
      clients.stream.GetStream({ name: stream.name }, done),
    );
    assert.deepEqual(settled(grpc ?? assert.fail('nothing came')), expected);
    const commanded = await typed<{ stream: Status }>(world(), 'streams', 'status', stream.name);
    assert.deepEqual(settled(commanded.stream), expected);
    const { json } = await ask('GET', '/v1/streams');
    const listed = [
      (json as { streams: Status[] }).streams,
      (await unary<ListStreamsResponse__Output>((done) => clients.stream.ListStreams({}, done))).streams,
      (await typed<{ streams: Status[] }>(world(), 'streams', 'list')).streams,
    ];
    for (const streams of listed)
      assert.deepEqual(streams.filter(({ name }) => name === stream.name).map(settled), [expected]);
    const metric = (name: string, label = '') =>
      metricOf(scorer.metrics, name, `stream="${stream.name}"${label}`);
    assert.equal(await metric('sluice_stream_events_total', ',outcome="scored"'), eventCount);
    assert.equal(await metric('sluice_stream_running'), 1);
    assert.equal(await metric('sluice_stream_lag_messages'), 0);
    assert.equal(await metric('sluice_stream_event_seconds_count'), eventCount);
  });

  test('a stream whose model is not there waits with its lag and its reason, and goes on when the model is another', async () => {
    await using stack = new AsyncDisposableStack();
    const { log, store, scorer } = world();
    const stream = await runStream(world(), stack, { model: 'nobody' });
    await send(log, stream.from, [event('k', house(1))]);
    await untilState(world(), stream.name, 'WAITING', /MODEL_NOT_FOUND.*nobody/);
    await waitFor('its lag', async () => (await statusOf(world(), stream.name))?.lagMessages === 1, longMs);
    assert.equal(await metricOf(scorer.metrics, 'sluice_stream_running', stream.name), 0);
    assert.equal(await metricOf(scorer.metrics, 'sluice_stream_lag_messages', stream.name), 1);
    assert.ok((await metricOf(scorer.metrics, 'sluice_stream_retries_total', stream.name)) > 0);
    assert.ok((await fetch(`${scorer.metrics}/readyz`)).ok);
    await addStreams(store, { ...stream, model: 'house-price' });
    assert.equal((await outcomeOf(world(), stream)).length, 1);
  });

  test('streams status --watch says it again and again, and a stream that is not there is named with those that are', async () => {
    await using stack = new AsyncDisposableStack();
    const stream = await runStream(world(), stack, { model: 'house-price' });
    await untilState(world(), stream.name, 'RUNNING');
    const { http } = world().gateway;
    await using watch = startProcess('cli/main.ts', { SLUICE_SERVER: http }, [
      ...['streams', 'status', stream.name, '--watch', '-o', 'json'],
    ]);
    await waitFor('two lines', () => watch.lines.length >= 2, longMs);
    for (const line of watch.lines)
      assert.equal((line as unknown as { stream: Status }).stream.name, stream.name);
    watch.signal('SIGINT');
    assert.equal(await watch.exited, 130, 'as shells have it for Ctrl-C');
    const { exitCode, stderr } = await world().command('streams', 'status', 'nobody');
    assert.equal(exitCode, 1);
    assert.match(stderr, new RegExp(`nobody.*${stream.name}`));
  });
};
