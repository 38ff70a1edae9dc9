import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { ScorerReport } from '@sluice/protos/gen/sluice/gateway/v1/ScorerReport';
import type { Packages } from '@sluice/protos/load';
import type { Backoff } from '../../backoff.ts';
import type { Asker, Binding, BoundModel, GatewayLink, ScoreRequest } from '../gateway-link.ts';
import { Dispatcher } from './dispatcher.ts';
import { bytesOfBinding, bytesOfEntry } from './entry-size.ts';
import { Link } from './link.ts';
import type { LinkHooks } from './link-hooks.ts';
import type { Task } from './task.ts';
import { watchDeadlines } from './watch-deadlines.ts';

export interface GatewayLinkOptions {
  /** Of the private ports of the gateways: host:port. */
  readonly addresses: readonly string[];
  readonly protos: Packages;
  readonly log: Log;
  /** The scorer's own id, in its reports. */
  readonly scorer: string;
  readonly hooks?: LinkHooks;
  /** Between the end of a link and the next try. */
  readonly backoff?: Backoff;
}

const usualBackoff: Backoff = { firstMs: 100, maxMs: 2_000, goodLifeMs: 5_000 };

/** How one link stands. */
export interface LinkState {
  readonly address: string;
  readonly isReady: boolean;
  readonly inFlight: number;
}

export interface OpenGatewayLink extends GatewayLink {
  links(): readonly LinkState[];
  /** Events that no gateway has taken yet. */
  waiting(): number;
}

const cancelled = (): SluiceError => new SluiceError('CANCELLED', 'the work on the partition has ended');

/** The same object for all bindings that say the same, so that a stream declares each once. */
const internBindings = () => {
  const known = new Map<string, Binding>();
  return ({ stream, model, version, returnsRecord, isReplay, priority }: Binding): Binding => {
    const key = JSON.stringify([stream, model, version, returnsRecord, isReplay, priority]);
    const binding = known.get(key) ?? { stream, model, version, returnsRecord, isReplay, priority };
    known.set(key, binding);
    return binding;
  };
};

/** A model of a stream over the links of a dispatcher. */
const bindTo = (dispatcher: Dispatcher, binding: Binding, closed: AbortSignal): BoundModel => {
  const owner = {};
  const declaredBytes = bytesOfBinding(binding);
  let isOver = false;
  const taskOf = (request: ScoreRequest, asker: Asker): Task | SluiceError => {
    try {
      const bytes = declaredBytes + bytesOfEntry(request);
      const dueAt = performance.now() + request.deadlineMs;
      return { request, binding, owner, bytes, dueAt, asker, id: 0 };
    } catch (error) {
      return fromUnknown(error);
    }
  };
  return {
    score: (request, asker) => {
      const task = isOver || closed.aborted ? cancelled() : taskOf(request, asker);
      if (task instanceof SluiceError) asker.failed(task);
      else dispatcher.submit(task);
    },
    [Symbol.dispose]: () => {
      if (isOver) return;
      isOver = true;
      dispatcher.revokeIf((task) => task.owner === owner, cancelled());
    },
  };
};

/** Opens a link to each gateway; those that are away are tried again until it is disposed of. */
export const openGatewayLink = (options: GatewayLinkOptions): OpenGatewayLink => {
  const { addresses, protos, log, scorer, hooks = {}, backoff = usualBackoff } = options;
  const closing = new AbortController();
  let latest: { readonly report: ScorerReport; readonly bytes: number } | undefined;
  const tell = (link: Link): void => latest && link.report(latest.report, latest.bytes);
  const links = addresses.map(
    (address) =>
      new Link({
        address,
        protos,
        log,
        backoff,
        onConnected: tell,
        onChange: () => dispatcher.pump(),
        onLost: (link, tasks, reason) => dispatcher.lose(link, tasks, reason),
      }),
  );
  const dispatcher = new Dispatcher(links, hooks);
  const watching = watchDeadlines((now) => dispatcher.watch(now));
  const intern = internBindings();
  return {
    bind: (binding) => bindTo(dispatcher, intern(binding), closing.signal),
    report: (streams) => {
      const report = { scorer, streams: [...streams] };
      latest = { report, bytes: protos.sluice.gateway.v1.ScorerReport.serialize(report).length };
      for (const link of links) tell(link);
    },
    notReady: () => dispatcher.notReady(),
    links: () => links.map(({ address, isUsable: isReady, inFlight }) => ({ address, isReady, inFlight })),
    waiting: () => dispatcher.waiting,
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      watching[Symbol.dispose]();
      dispatcher.revokeIf(() => true, cancelled());
      for (const link of links) link[Symbol.dispose]();
    },
  };
};
