import type { Log } from '@sluice/kernel/telemetry/log';
import type { GatewayConfig } from './config.ts';
import { ByteCounts } from './core/admission/byte-counts.ts';
import { Gates } from './core/admission/gates.ts';
import type { ReleaseIndex } from './core/served-release.ts';
import type { AdmissionOptions } from './layers/admission.ts';
import { refusalLog } from './telemetry/refusal-log.ts';

export interface OpenAdmissionOptions {
  readonly config: GatewayConfig;
  readonly log: Log;
  readonly models: () => ReleaseIndex;
  readonly now: () => number;
}

/** What the layer of admission works with: the gates of the models and the bytes, as the configuration bounds them. */
export const openAdmission = ({ config, log, models, now }: OpenAdmissionOptions): AdmissionOptions => {
  const gates = new Gates({
    limit: { targetMs: config.ADMISSION_TARGET_MS, max: config.ADMISSION_MAX_IN_FLIGHT },
    maxWaiting: config.MAX_WAITING,
    maxWaitingTotal: config.MAX_WAITING_TOTAL,
    models,
    now,
  });
  const bytes = new ByteCounts({
    max: config.MAX_IN_FLIGHT_BYTES,
    maxPerConnection: config.MAX_CONNECTION_BYTES,
  });
  return { gates, bytes, now, onRefused: refusalLog(log) };
};
