import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { shortened } from '@sluice/kernel/errors/shortened';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { Answer, Call } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';

export interface AccessLogOptions {
  readonly log: Log;
  /** Share of answered requests that get a line. */
  readonly sample: number;
  readonly now: () => number;
  readonly observe: (call: Call, code: string, seconds: number) => void;
}

/** Longest name that is logged: callers may send whatever they want. */
const maxNameLength = 128;

const fieldsOf = (call: Call, ms: number) => ({
  door: call.scope.door,
  method: call.scope.method,
  model: shortened(call.model, maxNameLength),
  prediction_id: call.predictionId,
  traffic: call.traffic === 'user' ? undefined : call.traffic,
  request_id: shortened(call.requestId, maxNameLength) || undefined,
  trace_id: call.scope.spanContext.traceId,
  span_id: call.scope.spanContext.spanId,
  ms: Math.round(ms * 1000) / 1000,
});

/** One line a request, without payloads: failures always, answers and refusals by rules by sample. */
export const accessLog = ({
  log,
  sample,
  now,
  observe,
}: AccessLogOptions): Layer<Call, Answer, Call, Answer> => {
  const logFailure = (call: Call, ms: number, { code, message, meaning }: SluiceError): void => {
    // Overload is the worst moment to gather fields that nobody will see.
    if (!log.isLevelEnabled(meaning.logLevel)) return;
    log[meaning.logLevel](
      { ...fieldsOf(call, ms), version: shortened(call.version, maxNameLength), code, reason: message },
      'refused',
    );
  };
  const logAnswer = (call: Call, ms: number, { release: { version }, outcome }: Answer): void => {
    const fields = { ...fieldsOf(call, ms), version };
    if (outcome.kind === 'prediction') log.info({ ...fields, code: 'OK' }, 'answered');
    else log.info({ ...fields, code: outcome.code }, 'refused by rule');
  };
  return (next) => async (call) => {
    try {
      const answer = await next(call);
      const ms = now() - call.scope.arrivedAt;
      observe(call, answer.outcome.kind === 'refusal' ? 'REFUSED' : 'OK', ms / 1000);
      if (Math.random() < sample) logAnswer(call, ms, answer);
      return answer;
    } catch (thrown) {
      const error = fromUnknown(thrown);
      const ms = now() - call.scope.arrivedAt;
      observe(call, error.code, ms / 1000);
      logFailure(call, ms, error);
      throw error;
    }
  };
};
