import type { Statistics } from '@sluice/kernel/oip/statistics';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { GatewayConfig } from './config.ts';
import type { Answer, Call } from './core/call.ts';
import { type Handler, road } from './core/layers.ts';
import type { Quarantine } from './core/quarantine.ts';
import { accessLog } from './layers/access-log.ts';
import { type AdmissionOptions, admission } from './layers/admission.ts';
import { deadline } from './layers/deadline.ts';
import { dispatch } from './layers/dispatch.ts';
import { dispatchUpstream } from './layers/dispatch-upstream.ts';
import { encode } from './layers/encode.ts';
import { measure } from './layers/measure.ts';
import { postprocess } from './layers/postprocess.ts';
import { record } from './layers/record.ts';
import { resolve } from './layers/resolve.ts';
import { rules } from './layers/rules.ts';
import { validate } from './layers/validate.ts';
import type { Servers } from './open-servers.ts';
import type { WriteRecord } from './records/record-writer.ts';
import type { StoreWatch } from './releases/store-watch.ts';
import type { DispatchMetrics } from './telemetry/dispatch-metrics.ts';
import type { GatewayMetrics } from './telemetry/gateway-metrics.ts';

export interface RoadParts {
  readonly config: GatewayConfig;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  readonly dispatched: DispatchMetrics;
  readonly statistics: Statistics;
  readonly watch: StoreWatch;
  readonly servers: Pick<Servers, 'balancer' | 'budget' | 'upstreams' | 'onDemand'>;
  readonly quarantine: Quarantine;
  readonly admitting: AdmissionOptions;
  /** undefined: this gateway keeps no records. */
  readonly write: WriteRecord | undefined;
  readonly now: () => number;
}

/** The road of a request, outermost first; the remarks in brackets say where layers that are still to come will stand. */
export const composeRoad = ({
  config,
  log,
  metrics,
  dispatched,
  statistics,
  watch,
  servers: { balancer, budget, upstreams, onDemand },
  quarantine,
  admitting,
  write,
  now,
}: RoadParts): Handler<Call, Answer> =>
  // Outermost, so that a line is written whatever stops a request.
  road(accessLog({ log, sample: config.ACCESS_LOG_SAMPLE, now, observe: metrics.request }))
    // Before anything that takes time: all that follows is bounded by it.
    .layer(deadline({ defaultMs: config.DEFAULT_DEADLINE_MS, now }))
    // (identity comes here.)
    // Above whatever costs more than a look at a number, so that a refusal is cheap.
    .layer(admission(admitting))
    // Below admission, so that overload is no storm on the disk; above all else, so that however a request ends is kept.
    .layer(write === undefined ? (next) => next : record({ write, now }))
    // Before whatever depends on the release; the name may move while a request is under way, the release not.
    .layer(resolve(() => watch.resolver))
    // Below resolve, so that only releases that exist become labels.
    .layer(measure({ statistics, now, observe: metrics.answered }))
    // (route comes here: an arm may stand for another release.)
    // Above all that may refuse, since it works on the way back and needs an answer only.
    .layer(postprocess(now))
    // (join comes here.)
    // Before encode, so that a caller is told about features and not about the tensors made of them.
    .layer(validate())
    // Rules want a valid input with its derived features, and what they refuse need not be encoded.
    .layer(rules())
    // (cache comes here: like rules it wants a valid input, and no tensors.)
    .layer(encode())
    .end(
      dispatchUpstream({
        upstreamOf: (release) => upstreams.of(release),
        toRuntimes: dispatch({
          balancer,
          budget,
          quarantine,
          onDemand,
          onRedispatch: dispatched.redispatched,
          onBudgetEmpty: dispatched.budgetEmpty,
        }),
      }),
    );
