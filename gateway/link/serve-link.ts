import { TransientMap } from '@sluice/kernel/collections/transient-map';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { frameWriter, usualFrameBytes } from '@sluice/kernel/link/frame-writer';
import { rowReader } from '@sluice/kernel/link/rows';
import { logCause, type RpcEnvironment } from '@sluice/kernel/rpc/unary';
import { readable } from '@sluice/kernel/rpc/unreadable';
import type { SpoolEntry } from '@sluice/kernel/spool/spool';
import { type CallScope, closeScope, openScope } from '@sluice/kernel/telemetry/call-scope';
import type { Announcement } from '@sluice/protos/gen/sluice/gateway/v1/Announcement';
import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import type { ExchangeResponse } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeResponse';
import type { GatewayServiceHandlers } from '@sluice/protos/gen/sluice/gateway/v1/GatewayService';
import type { ScoreAnswer } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { ScoreEntry__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import type { Answer, Call } from '../core/call.ts';
import type { Handler } from '../core/layers.ts';
import type { LinkMetrics } from '../telemetry/link-metrics.ts';
import { answerWriter } from './answer-writer.ts';
import { bindings } from './bindings.ts';
import { callOfEntry } from './entry-call.ts';
import { frameOf, type Item, sizeOf } from './frames.ts';
import { linkFlow } from './link-flow.ts';
import type { ReportKeeper } from './scorer-reports.ts';

type ReturnRecord = (record: SpoolEntry) => void;
export type LinkCall = Parameters<GatewayServiceHandlers['Exchange']>[0];

export interface LinkOptions extends RpcEnvironment {
  /** The road of a request. */
  readonly handle: Handler<Call, Answer>;
  /** Aborted when the process stops. */
  readonly draining: AbortSignal;
  readonly announce: () => Announcement;
  /** Entries that one link may have in flight. */
  readonly maxInFlight: number;
  readonly reports: ReportKeeper;
  readonly metrics: Pick<LinkMetrics, 'refused'>;
}

/** A link that is open. */
export interface OpenLink {
  /** Entries that were taken and not answered. */
  readonly inFlight: number;
  /** Announces once more: the gateway has become ready, is so no more, or drains. */
  announce(): void;
}

const method = 'sluice.gateway.v1.GatewayService/Exchange';
/** When a scorer that sends more than it was told that it may is to try again. */
const overloadedMs = 100;
const drainingMs = 1_000;

/** Serves one link: its entries become calls of their own, and are answered as these are done. */
export const serveLink = (stream: LinkCall, options: LinkOptions): OpenLink => {
  const { handle, tracer, log, toServiceError, draining, maxInFlight, reports, metrics } = options;
  const write = frameWriter<Item, ExchangeResponse>(stream, frameOf, { sizeOf, maxBytes: usualFrameBytes });
  const flow = linkFlow(stream);
  const answers = answerWriter(write);
  const rows = rowReader();
  const bound = bindings();
  const underWay = new TransientMap<number, CallScope>();
  const peer = stream.getPeer();
  let hasSaidAll = false;
  let isOver = false;

  const send = (item: Item): void => {
    if (!isOver) write(item);
  };
  const endIfDone = (): void => {
    if (isOver || underWay.size > 0 || !(hasSaidAll || draining.aborted)) return;
    isOver = true;
    flow.end();
  };
  const whyRefused = (id: number): SluiceError | undefined => {
    if (draining.aborted)
      return new SluiceError('DRAINING', 'the gateway is stopping', { retryAfterMs: drainingMs });
    if (underWay.has(id))
      return new SluiceError('MALFORMED_REQUEST', `id: expected one that is not in flight, ${id} is`);
    if (underWay.size < maxInFlight) return undefined;
    const message = `the link has ${maxInFlight} entries in flight, as many as it may`;
    return new SluiceError('OVERLOADED', message, { retryAfterMs: overloadedMs });
  };
  const readEntry = (entry: ScoreEntry__Output, scope: CallScope, returnRecord: ReturnRecord): Call => {
    try {
      const binding = bound.of(entry.binding);
      scope.span.setAttribute('sluice.stream', binding.stream);
      return callOfEntry(entry, { binding, scope, features: rows.read(entry.features), returnRecord });
    } catch (thrown) {
      const error = fromUnknown(thrown);
      metrics.refused(error.code);
      throw error;
    }
  };
  const settle = (id: number, scope: CallScope, answer: ScoreAnswer): void => {
    // Nobody waits for one that was cancelled; its id may be another's by now.
    if (underWay.get(id) !== scope) return;
    underWay.delete(id);
    send({ answer });
    endIfDone();
  };
  const answerEntry = async (entry: ScoreEntry__Output, scope: CallScope): Promise<void> => {
    const { traceparent } = scope.trace;
    let record: SpoolEntry | undefined;
    try {
      const call = readEntry(entry, scope, (given) => {
        record = given;
      });
      const answer = answers.answered(entry.id, await handle(call), { traceparent, record });
      closeScope(scope);
      settle(entry.id, scope, answer);
    } catch (thrown) {
      const error = fromUnknown(thrown);
      logCause(log, error, scope);
      closeScope(scope, error);
      settle(entry.id, scope, answers.failed(entry.id, error, { traceparent, record }));
    }
  };
  const take = (entry: ScoreEntry__Output): void => {
    const refused = whyRefused(entry.id);
    if (refused !== undefined) {
      metrics.refused(refused.code);
      send({ answer: answers.failed(entry.id, refused, { traceparent: '', record: undefined }) });
      return;
    }
    const { remainingUs, traceparent, tracestate } = entry;
    const scope = openScope({
      tracer,
      door: 'stream',
      peer,
      stream: flow,
      method,
      deadlineAt: remainingUs === 0 ? Number.POSITIVE_INFINITY : performance.now() + remainingUs / 1000,
      trace: { traceparent, tracestate },
      entityId: undefined,
      attributes: { 'rpc.system.name': 'grpc', 'rpc.method': method },
    });
    underWay.set(entry.id, scope);
    void answerEntry(entry, scope);
  };
  const cancel = (id: number): boolean => {
    const scope = underWay.get(id);
    if (scope === undefined) return false;
    underWay.delete(id);
    scope.abort.abort(new SluiceError('CANCELLED', 'nobody waits for the answer any more'));
    return true;
  };
  const takeFrame = (frame: ExchangeRequest__Output): void => {
    for (const layout of frame.layouts) rows.declare(layout);
    for (const binding of frame.bindings) bound.declare(binding);
    // Those of earlier frames first: they make room.
    const own = frame.cancels.filter((id) => !cancel(id));
    for (const entry of frame.entries) take(entry);
    for (const id of own) cancel(id);
    if (frame.report !== null) reports.keep(stream, frame.report);
    flow.regulate();
    endIfDone();
  };
  const leave = (): void => {
    isOver = true;
    reports.forget(stream);
    const gone = new SluiceError('CANCELLED', 'the scorer went away');
    for (const { abort } of underWay.values()) abort.abort(gone);
    underWay.clear();
  };
  const announce = (): void => {
    send({ announcement: options.announce() });
    endIfDone();
  };

  announce();
  stream.on('data', (message: ExchangeRequest__Output) => {
    if (isOver) return;
    try {
      takeFrame(readable(message));
    } catch (thrown) {
      leave();
      stream.emit('error', toServiceError(fromUnknown(thrown)));
    }
  });
  stream.on('end', () => {
    hasSaidAll = true;
    endIfDone();
  });
  stream.on('cancelled', leave);
  stream.on('error', () => undefined);
  return {
    get inFlight() {
      return underWay.size;
    },
    announce,
  };
};
