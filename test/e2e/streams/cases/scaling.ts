import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStore } from '@sluice/kernel/store/open-store';
import { freePort } from '@sluice/kernel/testing/free-port';
import type { RunningConsumers } from '../../../support/consumers.ts';
import type { RecordsKind } from '../../../support/records.ts';
import { startScorer } from '../../../support/scorer.ts';
import { startGateway } from '../../../support/sluice.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { house } from '../houses.ts';
import { keepSending } from '../load.ts';
import { addStreams, newStream, outcomeOf, placeOf, type TestStream } from '../streams.ts';
import { longMs } from '../topics.ts';
import type { World } from '../world.ts';

const partitions = 4;

/** Partitions of a stream that a scorer has. */
const dealt = async ({ metrics }: RunningConsumers, { name }: TestStream): Promise<number> => {
  const text = await (await fetch(`${metrics}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(`sluice_stream_in_window{`) && line.includes(name))
    .length;
};

const readyz = async ({ metrics }: RunningConsumers): Promise<{ ok: boolean; text: string }> => {
  const response = await fetch(`${metrics}/readyz`);
  return { ok: response.ok, text: await response.text() };
};

/** Scorers and gateways that come and go. They have revisions of their own, so that no other case is concerned. */
export const scalingCases = (world: World, kind: RecordsKind): void => {
  /** Only the revisions are there; releases are the gateways' affair. */
  const ownStore = async (name: string) => {
    const folder = join(world().folder, name);
    await mkdir(folder, { recursive: true });
    return openStore(`file:${folder}`);
  };

  const committedMore = async (stream: TestStream): Promise<void> => {
    const count = async () => {
      const positions = await world().log.admin.committed(`sluice.scorer.${stream.name}`, stream.from);
      return positions.reduce((sum, { offset }) => sum + Number(offset), 0);
    };
    const before = await count();
    await waitFor('some progress', async () => (await count()) >= before + 50, longMs);
  };

  const assertOnce = async (stream: TestStream, sent: number): Promise<void> => {
    const places = (await outcomeOf(world(), stream)).map(placeOf);
    assert.deepEqual([places.length, new Set(places).size], [sent, sent]);
  };

  test('two scorers share a stream, and when one is gone the other one goes on alone', async () => {
    await using stack = new AsyncDisposableStack();
    const { log, gateway, env } = world();
    const store = await ownStore('shared');
    const stream = await newStream(world(), { model: 'house-price', delivery: 'exactly-once' }, partitions);
    await addStreams(store, stream);
    const start = async () => stack.use(await startScorer({ links: [gateway.link], store: store.url, env }));
    const load = keepSending(log, stream.from, house);
    const scorers = [await start(), await start()] as const;
    const shares = () => Promise.all(scorers.map((scorer) => dealt(scorer, stream)));
    const expected = kind === 'embedded' ? [0, partitions] : [partitions / 2, partitions / 2];
    const isDealt = async () => `${(await shares()).sort()}` === `${expected}`;
    await waitFor('the partitions to be dealt', isDealt, longMs);
    await committedMore(stream);
    const [one, other] = scorers;
    const [lost, left] = (await dealt(one, stream)) > 0 ? [one, other] : [other, one];
    // A member of Kafka's groups that is killed is missed after ten seconds: test/fault has the patience.
    lost.signal(kind === 'embedded' ? 'SIGKILL' : 'SIGTERM');
    await lost.exited;
    await waitFor('all partitions', async () => (await dealt(left, stream)) === partitions, longMs);
    await committedMore(stream);
    await assertOnce(stream, await load.stop());
  });

  test('a gateway is replaced under a running stream, and no event is lost or doubled', async () => {
    await using stack = new AsyncDisposableStack();
    const { log, runtime, env, store: releases } = world();
    const store = await ownStore('replaced');
    const stream = await newStream(world(), { model: 'house-price', delivery: 'exactly-once' }, partitions);
    await addStreams(store, stream);
    const ports = [await freePort(), await freePort()];
    const startOn = async (port: number | undefined) =>
      stack.use(await startGateway([runtime.grpc], releases.url, { LINK_PORT: `${port}` }));
    const first = await startOn(ports[0]);
    const scorer = stack.use(
      await startScorer({ links: ports.map((port) => `127.0.0.1:${port}`), store: store.url, env }),
    );
    const load = keepSending(log, stream.from, house);
    await committedMore(stream);
    const second = await startOn(ports[1]);
    first.signal('SIGTERM');
    assert.equal(await first.exited, 0);
    await committedMore(stream);
    await assertOnce(stream, await load.stop());
    second.signal('SIGTERM');
    await waitFor(
      'the scorer to say that it has no gateway',
      async () => {
        const { ok, text } = await readyz(scorer);
        return !ok && /^scorer: .*gateway/.test(text);
      },
      longMs,
    );
  });
};
