import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { createLog } from '@sluice/kernel/telemetry/log';
import type { Binding, ScoreRequest } from '../../gateway-link.ts';
import type { LinkHooks } from '../link-hooks.ts';
import { type OpenGatewayLink, openGatewayLink } from '../open-gateway-link.ts';
import { protos } from './fake-gateway.ts';

const log = createLog({ process: 'test', environment: 'dev', level: 'silent' });
const patienceMs = 60_000;
const backoff = { firstMs: 5, maxMs: 20, goodLifeMs: 5_000 };

/** Waits long, since the machine may be busy. */
export const until = (what: string, condition: () => boolean): Promise<void> =>
  eventually(what, condition, patienceMs);

export const binding: Binding = {
  stream: 'churn-events',
  model: 'churn',
  version: '',
  returnsRecord: false,
  isReplay: false,
  priority: 0,
};

export const request = (more: Partial<ScoreRequest> = {}): ScoreRequest => ({
  predictionId: randomUUID(),
  entityId: 'c-1',
  requestId: '',
  features: { tenure: 5, contract: 'One year' },
  parameters: undefined,
  trace: { traceparent: '', tracestate: '' },
  deadlineMs: patienceMs,
  isLast: false,
  ...more,
});

/** Links to these addresses; with `usable` it waits until so many are. */
export const openLinks = async (
  t: TestContext,
  addresses: readonly string[],
  { usable = addresses.length, hooks = {} }: { readonly usable?: number; readonly hooks?: LinkHooks } = {},
): Promise<OpenGatewayLink> => {
  const link = openGatewayLink({ addresses, protos, log, scorer: 's-1', hooks, backoff });
  t.after(() => link[Symbol.asyncDispose]());
  await until('links', () => link.links().filter(({ isReady }) => isReady).length >= usable);
  return link;
};
