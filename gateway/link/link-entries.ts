import { performance } from 'node:perf_hooks';
import type { Tracer } from '@opentelemetry/api';
import { IdMap } from '@sluice/kernel/collections/id-map';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { rowReader } from '@sluice/kernel/link/rows';
import { logCause } from '@sluice/kernel/rpc/unary';
import type { SpoolEntry } from '@sluice/kernel/spool/spool';
import { type CallScope, closeScope, openScope, type StreamFlow } from '@sluice/kernel/telemetry/call-scope';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import type { ScoreAnswer } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { ScoreEntry__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import type { Answer, Call } from '../core/call.ts';
import type { Handler } from '../core/layers.ts';
import type { LinkMetrics } from '../telemetry/link-metrics.ts';
import { answerWriter } from './answer-writer.ts';
import { bindings } from './bindings.ts';
import { callOfEntry } from './entry-call.ts';
import type { Item } from './frames.ts';

export interface EntryOptions {
  /** The road of a request. */
  readonly handle: Handler<Call, Answer>;
  readonly tracer: Tracer;
  readonly log: Log;
  /** Aborted when the process stops: nothing new is taken then. */
  readonly draining: AbortSignal;
  /** Entries that one link may have in flight. */
  readonly maxInFlight: number;
  readonly metrics: Pick<LinkMetrics, 'refused'>;
}

export interface LinkParts {
  /** The other end of the connection. */
  readonly peer: string;
  readonly flow: StreamFlow;
  readonly send: (item: Item) => void;
  /** An entry was answered. */
  readonly onAnswered: () => void;
}

const method = 'sluice.gateway.v1.GatewayService/Exchange';
const attributes = { 'rpc.system.name': 'grpc', 'rpc.method': method };
/** When a scorer is to try again that sends more than it was told that it may. */
const overloadedMs = 100;
const drainingMs = 1_000;

const drains = (): SluiceError =>
  new SluiceError('DRAINING', 'the gateway is stopping', { retryAfterMs: drainingMs });
const isInFlight = (id: number): SluiceError =>
  new SluiceError('MALFORMED_REQUEST', `id: expected one that is not in flight, ${id} is`);
const tooMany = (max: number): SluiceError =>
  new SluiceError('OVERLOADED', `the link has ${max} entries in flight, as many as it may have`, {
    retryAfterMs: overloadedMs,
  });

/** The entries of one link, each a call of its own with its scope, its span and its answer. */
export const linkEntries = (options: EntryOptions, { peer, flow, send, onAnswered }: LinkParts) => {
  const { handle, tracer, log, draining, maxInFlight, metrics } = options;
  const answers = answerWriter(send);
  const rows = rowReader();
  const bound = bindings();
  const underWay = new IdMap<CallScope>();

  const whyRefused = (id: number): SluiceError | undefined => {
    if (draining.aborted) return drains();
    if (underWay.has(id)) return isInFlight(id);
    return underWay.size < maxInFlight ? undefined : tooMany(maxInFlight);
  };
  const refuse = (id: number, error: SluiceError): void => {
    metrics.refused(error.code);
    send({ answer: answers.failed(id, error, { traceparent: '', record: undefined }) });
  };
  const callOf = (
    entry: ScoreEntry__Output,
    scope: CallScope,
    returnRecord: (record: SpoolEntry) => void,
  ): Call => {
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
    // Nobody waits for one that was cancelled, and its id may be another's by now.
    if (underWay.get(id) !== scope) return;
    underWay.delete(id);
    send({ answer });
    onAnswered();
  };
  const answerEntry = async (entry: ScoreEntry__Output, scope: CallScope): Promise<void> => {
    const { traceparent } = scope.trace;
    let record: SpoolEntry | undefined;
    try {
      const call = callOf(entry, scope, (given) => {
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
  const scopeOf = ({ remainingUs, traceparent, tracestate }: ScoreEntry__Output): CallScope =>
    openScope({
      tracer,
      door: 'stream',
      peer,
      stream: flow,
      method,
      deadlineAt: remainingUs === 0 ? Number.POSITIVE_INFINITY : performance.now() + remainingUs / 1000,
      trace: { traceparent, tracestate },
      entityId: undefined,
      attributes,
    });
  return {
    get inFlight(): number {
      return underWay.size;
    },
    /** What entries of this frame and later ones refer to. */
    declare: (frame: Pick<ExchangeRequest__Output, 'layouts' | 'bindings'>): void => {
      for (const layout of frame.layouts) rows.declare(layout);
      for (const binding of frame.bindings) bound.declare(binding);
    },
    /** Answers it, sooner or later. */
    take: (entry: ScoreEntry__Output): void => {
      const refused = whyRefused(entry.id);
      if (refused !== undefined) {
        refuse(entry.id, refused);
        return;
      }
      const scope = scopeOf(entry);
      underWay.set(entry.id, scope);
      void answerEntry(entry, scope);
    },
    /** Nobody waits for its answer any more. False: it is not in flight. */
    cancel: (id: number): boolean => {
      const scope = underWay.get(id);
      if (scope === undefined) return false;
      underWay.delete(id);
      scope.abort.abort(new SluiceError('CANCELLED', 'nobody waits for the answer any more'));
      return true;
    },
    /** Nobody waits for any answer any more. */
    abandon: (reason: SluiceError): void => {
      const scopes = underWay.values();
      underWay.clear();
      for (const { abort } of scopes) abort.abort(reason);
    },
  };
};
