import type { Log } from '@sluice/kernel/telemetry/log';
import type { StreamShare } from '@sluice/protos/gen/sluice/v1/StreamShare';
import { repeat } from '../../repeat.ts';
import type { GatewayLink } from '../gateway-link.ts';

const reportMs = 1_000;

/** Tells the gateways once a second how the streams stand, when that has changed. */
export const reportShares = (
  link: Pick<GatewayLink, 'report'>,
  shares: () => readonly StreamShare[],
  log: Log,
): AsyncDisposable => {
  let told = '';
  const report = async (): Promise<void> => {
    const now = shares();
    const text = JSON.stringify(now);
    if (text === told) return;
    told = text;
    link.report(now);
  };
  return repeat(report, {
    intervalMs: reportMs,
    onError: (err) => log.warn({ err }, 'the gateways are not told how the streams stand'),
  });
};
