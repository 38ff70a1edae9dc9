import { type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import { IdMap } from '@sluice/kernel/collections/id-map';
import { isCode } from '@sluice/kernel/errors/codes';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { frameWriter, usualFrameBytes } from '@sluice/kernel/link/frame-writer';
import { bytesOfTensors, fromLink, toLink } from '@sluice/kernel/link/tensors';
import { runtimeClient } from '@sluice/kernel/rpc/runtime-exchange';
import type { Answer__Output } from '@sluice/protos/gen/sluice/runtime/v1/Answer';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeResponse';
import type { InferEntry } from '@sluice/protos/gen/sluice/runtime/v1/InferEntry';
import type { Packages } from '@sluice/protos/load';
import type { CellLink } from '../cells/cell-link.ts';
import type { Job, JobOutcome } from '../core/job.ts';

export interface CellLinkOptions {
  readonly packages: Packages;
  /** The runtime's BIND_HOST; a cell binds the same. */
  readonly host: string;
  readonly port: number;
  /** What those are told whose answer was lost. */
  readonly lost: () => SluiceError;
}

type Item = { readonly entry: InferEntry } | { readonly cancel: number };

/** A cell holds one release, so it announces it under the first handle. */
const cellHandle = 1;
const maxRemainingUs = 0xffff_ffff;
const reopenMs = 50;

/** Where this machine reaches what is bound to a host. */
const reachable = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host;

const frameOf = (items: readonly Item[]): ExchangeRequest => ({
  entries: items.flatMap((item) => ('entry' in item ? [item.entry] : [])),
  cancels: items.flatMap((item) => ('cancel' in item ? [item.cancel] : [])),
});

const sizeOf = (item: Item): number => ('entry' in item ? bytesOfTensors(item.entry.inputs ?? []) : 0);

const entryOf = (id: number, { inputs, priority, deadlineAt, trace }: Job): InferEntry => ({
  id,
  release: cellHandle,
  remainingUs:
    deadlineAt === Number.POSITIVE_INFINITY
      ? 0
      : Math.min(maxRemainingUs, Math.max(1, Math.round((deadlineAt - performance.now()) * 1000))),
  priority,
  // Field by field: a trace may be a whole entry of another link.
  traceparent: trace.traceparent,
  tracestate: trace.tracestate,
  inputs: inputs.map(toLink),
});

const outcomeOf = ({ success, failure }: Answer__Output): JobOutcome => {
  if (success) return { outputs: success.outputs.map(fromLink), timings: success };
  const { code = 'INTERNAL', message = 'the cell gave an empty answer', retryAfterMs = 0 } = failure ?? {};
  return {
    error: new SluiceError(
      isCode(code) ? code : 'INTERNAL',
      message,
      retryAfterMs > 0 ? { retryAfterMs } : {},
    ),
  };
};

const readOutcome = (answer: Answer__Output): JobOutcome => {
  try {
    return outcomeOf(answer);
  } catch (thrown) {
    return { error: fromUnknown(thrown) };
  }
};

/** The runtime's own stream to one of its cells, opened again if it breaks while the cell lives. */
export const openCellLink = ({ packages, host, port, lost }: CellLinkOptions): CellLink => {
  const client = runtimeClient(packages, `${reachable(host)}:${port}`, {
    'grpc.max_receive_message_length': -1,
    'grpc-node.flow_control_window': 4 * 1024 * 1024,
  });
  const pending = new IdMap<Job>();
  let stream: ClientDuplexStream<ExchangeRequest, ExchangeResponse__Output>;
  let write: (item: Item) => void;
  let lastId = 0;
  let draining = false;
  let closed = false;
  let isOver = false;
  /** What was written in this turn of the event loop leaves before. */
  const letGo = (): void => {
    if (draining) setImmediate(() => pending.size === 0 && stream.end());
  };
  const forget = (id: number): Job | undefined => {
    const job = pending.get(id);
    pending.delete(id);
    letGo();
    return job;
  };
  const broken = (over: typeof stream): void => {
    if (over !== stream || isOver) return;
    isOver = true;
    const jobs = pending.values();
    pending.clear();
    for (const job of jobs) job.settle({ error: lost() });
    if (!closed && !draining) setTimeout(open, reopenMs).unref();
  };
  const open = (): void => {
    if (closed) return;
    isOver = false;
    const opened: typeof stream = client.Exchange(new Metadata({ waitForReady: true }));
    stream = opened;
    write = frameWriter<Item, ExchangeRequest>(stream, frameOf, { sizeOf, maxBytes: usualFrameBytes });
    stream.on('data', ({ answers, announcement }: ExchangeResponse__Output) => {
      for (const answer of answers) forget(answer.id)?.settle(readOutcome(answer));
      if (announcement?.draining !== true) return;
      draining = true;
      letGo();
    });
    stream.on('error', () => broken(opened));
    stream.once('end', () => broken(opened));
  };
  open();
  return {
    get inFlight() {
      return pending.size;
    },
    get open() {
      return !draining && !closed;
    },
    submit(job) {
      do lastId = lastId >= maxRemainingUs ? 1 : lastId + 1;
      while (pending.has(lastId));
      const id = lastId;
      pending.set(id, job);
      write({ entry: entryOf(id, job) });
      return () => {
        if (forget(id) !== undefined) write({ cancel: id });
      };
    },
    close() {
      closed = true;
      stream.cancel();
      client.close();
    },
  };
};
