import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { createLog } from '@sluice/kernel/telemetry/log';
import { freePort } from '@sluice/kernel/testing/free-port';
import { loadProtos } from '@sluice/protos/load';
import type { BoundModel, ScoreRequest } from '../../../consumers/scorer/gateway-link.ts';
import { type OpenGatewayLink, openGatewayLink } from '../../../consumers/scorer/link/open-gateway-link.ts';
import { score } from '../../../consumers/scorer/testing/score.ts';
import { features } from '../../support/churn.ts';
import { type RunningGateway, startGateway, startRuntime } from '../../support/sluice.ts';
import { waitFor } from '../../support/wait-for.ts';

const longMs = 90_000;
const log = createLog({ process: 'test', environment: 'dev', level: 'silent' });
const customer = features();
const idOf = (number: number): string => `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const request = (number: number, more: Partial<ScoreRequest> = {}): ScoreRequest => ({
  predictionId: idOf(number),
  entityId: `customer-${number}`,
  requestId: '',
  features: customer,
  parameters: undefined,
  trace: { traceparent: '', tracestate: '' },
  deadlineMs: 2_000,
  isLast: false,
  ...more,
});

/** As a scorer does: what would pass is tried again, under the same id. */
const scoreAtLast = async (model: BoundModel, number: number): Promise<void> => {
  for (;;) {
    try {
      const { outcome, release } = await score(model, request(number));
      assert.ok(outcome.kind === 'prediction' && typeof outcome.outputs['churn_probability'] === 'number');
      assert.deepEqual([release.model, release.version], ['churn', '1.0.0']);
      return;
    } catch (error) {
      if (!(error instanceof SluiceError && error.meaning.retryable)) throw error;
      await pause(error.retryAfterMs ?? 0);
    }
  }
};

/** Scores one event after the other, several at a time, until it is told to stop. */
const keepScoring = (model: BoundModel) => {
  const stopping = new AbortController();
  let scored = 0;
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      scored += 1;
      await scoreAtLast(model, scored);
    }
  };
  const working = Promise.all(Array.from({ length: 20 }, work));
  return {
    /** Resolves when all that was begun is scored. */
    stop: (): Promise<unknown> => {
      stopping.abort();
      return working;
    },
  };
};

describe('links of a scorer to real gateways', () => {
  const stack = new AsyncDisposableStack();
  let link: OpenGatewayLink;
  let model: BoundModel;
  let first: RunningGateway;
  let again: () => Promise<RunningGateway>;
  let sent: string[] = [];

  before(async () => {
    const runtime = stack.use(await startRuntime());
    const port = await freePort();
    again = async () => stack.use(await startGateway([runtime.grpc], undefined, { LINK_PORT: `${port}` }));
    first = await again();
    const second = stack.use(await startGateway([runtime.grpc]));
    link = stack.use(
      openGatewayLink({
        addresses: [first.link, second.link],
        protos: loadProtos(),
        log,
        scorer: 's-1',
        hooks: { onSent: (address) => sent.push(address) },
      }),
    );
    model = stack.use(
      link.bind({
        stream: 'churn-events',
        model: 'churn',
        version: '1.0.0',
        returnsRecord: false,
        isReplay: false,
        priority: 0,
      }),
    );
    await bothReady();
  });
  after(() => stack.disposeAsync());

  const bothReady = () => waitFor('both links', () => link.links().every(({ isReady }) => isReady), longMs);
  const firstIsLeft = () => waitFor('the end of a link', () => !link.links()[0]?.isReady, longMs);
  const firstGetsEvents = () => {
    sent = [];
    return waitFor('events for the first gateway', () => sent.includes(first.link), longMs);
  };

  test('events are scored by both, and what does not fit comes back with its violations', async () => {
    sent = [];
    await Promise.all(Array.from({ length: 500 }, (_, number) => scoreAtLast(model, number)));
    assert.equal(new Set(sent).size, 2);
    await assert.rejects(
      score(model, request(1, { features: { ...customer, tenure: 'long' } })),
      (error: unknown) =>
        error instanceof SluiceError &&
        error.code === 'INVALID_INPUT' &&
        error.violations.some(({ path }) => path.includes('tenure')),
    );
    await assert.rejects(score(model, request(1, { predictionId: 'none' })), { code: 'MALFORMED_REQUEST' });
  });

  test('a gateway that stands still is left, and gets events again when it goes on', async () => {
    const scoring = keepScoring(model);
    first.signal('SIGSTOP');
    await firstIsLeft();
    first.signal('SIGCONT');
    await bothReady();
    await firstGetsEvents();
    await scoring.stop();
  });

  for (const signal of ['SIGKILL', 'SIGTERM'] as const)
    test(`nothing is lost when a gateway gets ${signal} and comes back under its address`, async () => {
      const scoring = keepScoring(model);
      await firstGetsEvents();
      first.signal(signal);
      await first.exited;
      await firstIsLeft();
      first = await again();
      await bothReady();
      await firstGetsEvents();
      await scoring.stop();
    });
});
