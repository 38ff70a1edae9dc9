import type { TestContext } from 'node:test';
import { trace } from '@opentelemetry/api';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { openScorerLink, type ScorerLink } from '@sluice/kernel/rpc/testing/scorer-link';
import { emptyRegistry } from '@sluice/kernel/telemetry/registry';
import { loadProtos } from '@sluice/protos/load';
import { gatewaySchema } from '../../config.ts';
import type { Answer, Call, TimedCall } from '../../core/call.ts';
import { type Handler, road } from '../../core/layers.ts';
import { deadline } from '../../layers/deadline.ts';
import { record } from '../../layers/record.ts';
import { registerLinkMetrics } from '../../telemetry/link-metrics.ts';
import { computed, testRelease } from '../../testing/calls.ts';
import { resolution, testLog, testWriter } from '../../testing/records.ts';
import { scorerReports } from '../scorer-reports.ts';
import type { OpenLink } from '../serve-link.ts';
import { startLinkDoor } from '../start-link-door.ts';

const protos = loadProtos();
const now = (): number => performance.now();

/** One call that has come to the end of the road, and waits there. */
export interface Asked {
  readonly call: TimedCall;
  answer(more?: Partial<Answer>): void;
  fail(error: SluiceError): void;
}

export const answerOf = (call: Call, more: Partial<Answer> = {}): Answer => ({
  predictionId: call.predictionId,
  release: testRelease(),
  tensors: computed().outputs,
  outcome: { kind: 'prediction', named: { p: 0.75 } },
  timings: computed().timings,
  warnings: [],
  totalMs: 1.5,
  ...more,
});

/** The end of a road where the test answers by hand, unless `at` does. */
const handEnd = (at: ((call: TimedCall) => Answer | undefined) | undefined) => {
  const asked: Asked[] = [];
  const handler: Handler<TimedCall, Answer> = (call) => {
    const answered = at?.(call);
    if (answered !== undefined) return Promise.resolve(answered);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const { signal } = call.scope.abort;
    signal.addEventListener('abort', () => reject(signal.reason));
    asked.push({ call, answer: (more) => resolve(answerOf(call, more)), fail: reject });
    return promise;
  };
  return { asked, handler };
};

export interface DoorSettings {
  readonly env?: Readonly<Record<string, string>>;
  /** undefined: the test answers by hand. */
  readonly at?: (call: TimedCall) => Answer | undefined;
  readonly writer?: Parameters<typeof testWriter>[0];
}

/** The door of the scorers over a road of two layers, deadline and record. */
export const openDoor = async (t: TestContext, { env = {}, at, writer = {} }: DoorSettings = {}) => {
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  const registry = emptyRegistry('dev');
  const openLinks = new Set<OpenLink>();
  const reports = scorerReports();
  const draining = new AbortController();
  const state = { notReady: undefined as string | undefined };
  const { write, spool } = testWriter(writer);
  const { asked, handler } = handEnd(at);
  const starting = startLinkDoor({
    config: gatewaySchema.parse({ LINK_PORT: '0', GATEWAY_ID: 'gateway-1', DRAIN_MS: '100', ...env }),
    log: testLog,
    tracer: trace.getTracer('test'),
    draining: draining.signal,
    notReady: () => (draining.signal.aborted ? 'draining' : state.notReady),
    handle: road(deadline({ defaultMs: 60_000, now }))
      .layer(record({ write, now }))
      .layer<TimedCall, Answer>((next) => (call) => {
        if (call.trail !== undefined) call.trail.resolution = resolution();
        return next(call);
      })
      .end(handler),
    protos,
    recordHeaders: [['ce_source', Buffer.from('/sluice/gateways/gateway-1')]],
    reports,
    metrics: registerLinkMetrics(registry, { open: openLinks }),
    openLinks,
  });
  const door = stack.use(await starting);
  const link = (spoil?: (frame: Buffer) => Buffer): ScorerLink =>
    stack.use(openScorerLink(`127.0.0.1:${door.port}`, spoil));
  return { link, asked, spool, reports, draining, state, registry, openLinks };
};

/** A prediction id of its own for each number. */
export const idOf = (number: number): string => `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
