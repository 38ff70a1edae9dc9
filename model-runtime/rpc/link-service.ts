import type { ServerDuplexStream } from '@grpc/grpc-js';
import { TransientMap } from '@sluice/kernel/collections/transient-map';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { frameWriter, usualFrameBytes } from '@sluice/kernel/link/frame-writer';
import { bytesOfTensors, fromLink, toLink } from '@sluice/kernel/link/tensors';
import { checkInputs } from '@sluice/kernel/tensor/signature';
import type { Announcement } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { Answer } from '@sluice/protos/gen/sluice/runtime/v1/Answer';
import type { ExchangeRequest__Output } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { ExchangeResponse } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeResponse';
import type { InferEntry__Output } from '@sluice/protos/gen/sluice/runtime/v1/InferEntry';
import type { RuntimeServiceHandlers } from '@sluice/protos/gen/sluice/runtime/v1/RuntimeService';
import type { Job, JobOutcome } from '../core/job.ts';
import { makeJob, wanted } from '../core/make-job.ts';
import type { ReleaseWorker } from '../core/release-worker.ts';
import { servedOf } from '../releases/held-release.ts';
import type { ReleaseHolder } from '../releases/holder.ts';
import { type Announced, announce } from './announce.ts';

export interface LinkServiceOptions extends Announced {
  /** Aborted when the process stops. */
  readonly draining: AbortSignal;
}

type Item = { readonly answer: Answer } | { readonly announcement: Announcement };
/** An entry that became a job. */
interface Taken {
  readonly id: number;
  readonly job: Job;
  readonly worker: ReleaseWorker;
}

type Stream = ServerDuplexStream<ExchangeRequest__Output, ExchangeResponse>;

const frameOf = (items: readonly Item[]): ExchangeResponse => {
  const answers = items.flatMap((item) => ('answer' in item ? [item.answer] : []));
  const announcement = items.findLast((item) => 'announcement' in item);
  return announcement === undefined ? { answers } : { answers, announcement: announcement.announcement };
};

const sizeOf = (item: Item): number =>
  'answer' in item ? bytesOfTensors(item.answer.success?.outputs ?? []) : 0;

const failure = (id: number, { code, message, retryAfterMs = 0 }: SluiceError): Answer => ({
  id,
  failure: { code, message, retryAfterMs },
});

const answerOf = (entry: InferEntry__Output, outcome: JobOutcome): Answer =>
  'error' in outcome
    ? failure(entry.id, outcome.error)
    : {
        id: entry.id,
        success: { outputs: wanted(outcome.outputs, entry.outputs).map(toLink), ...outcome.timings },
      };

/** One that has just moved into a cell is served too: a gateway may not have heard of it yet. */
const servedRelease = (holder: ReleaseHolder, handle: number) => {
  const held = holder.byHandle(handle);
  const served = held === undefined ? undefined : servedOf(held);
  if (served !== undefined) return served;
  throw new SluiceError(
    'RELEASE_UNAVAILABLE',
    `the runtime does not hold ${held?.model ?? 'the release'} ${held?.version ?? ''} any more`,
  );
};

/** One gateway's stream: its entries become jobs, their outcomes answers. */
const serve = (stream: Stream, options: LinkServiceOptions): void => {
  const { holder, draining } = options;
  const write = frameWriter<Item, ExchangeResponse>(stream, frameOf, {
    sizeOf,
    maxBytes: usualFrameBytes,
  });
  const inFlight = new TransientMap<number, Taken>();
  const settle = (entry: InferEntry__Output, outcome: JobOutcome): void => {
    inFlight.delete(entry.id);
    write({ answer: answerOf(entry, outcome) });
  };
  const take = (entry: InferEntry__Output): void => {
    const { release, worker } = servedRelease(holder, entry.release);
    const enqueuedAt = performance.now();
    const job = makeJob(release, {
      inputs: checkInputs(release.signature, entry.inputs.map(fromLink)),
      priority: entry.priority,
      enqueuedAt,
      deadlineAt: entry.remainingUs === 0 ? Number.POSITIVE_INFINITY : enqueuedAt + entry.remainingUs / 1000,
      trace: entry,
      settle: (outcome) => settle(entry, outcome),
    });
    inFlight.set(entry.id, { id: entry.id, job, worker });
    const refused = worker.submit(job);
    if (refused !== undefined) settle(entry, { error: refused });
  };
  const cancel = (id: number): void => {
    const found = inFlight.get(id);
    if (found === undefined) return;
    inFlight.delete(id);
    found.worker.cancel(found.job);
  };
  const sendAnnouncement = (): void => write({ announcement: announce(options, draining.aborted) });
  const forget = holder.onChange(sendAnnouncement);
  draining.addEventListener('abort', sendAnnouncement);
  const close = (): void => {
    forget();
    draining.removeEventListener('abort', sendAnnouncement);
    for (const { id } of inFlight.values()) cancel(id);
  };
  sendAnnouncement();
  stream.on('data', ({ entries, cancels }: ExchangeRequest__Output) => {
    for (const entry of entries) {
      try {
        take(entry);
      } catch (thrown) {
        settle(entry, { error: fromUnknown(thrown) });
      }
    }
    for (const id of cancels) cancel(id);
  });
  stream.on('end', () => stream.end());
  stream.on('close', close);
  stream.on('cancelled', close);
  stream.on('error', close);
};

/** The link: many requests in a frame, answered as their batches are done. */
export const linkService = (options: LinkServiceOptions): RuntimeServiceHandlers => ({
  Exchange: (stream) => serve(stream, options),
});
