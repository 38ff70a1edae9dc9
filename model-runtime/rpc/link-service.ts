import type { ServerDuplexStream } from '@grpc/grpc-js';
import { IdMap } from '@sluice/kernel/collections/id-map';
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
import type { LoadAnswer } from '@sluice/protos/gen/sluice/runtime/v1/LoadAnswer';
import type { LoadRequest__Output } from '@sluice/protos/gen/sluice/runtime/v1/LoadRequest';
import type { RuntimeServiceHandlers } from '@sluice/protos/gen/sluice/runtime/v1/RuntimeService';
import type { Job, JobOutcome } from '../core/job.ts';
import { makeJob, wanted } from '../core/make-job.ts';
import type { ReleaseWorker } from '../core/release-worker.ts';
import { type HeldRelease, type Served, servedOf } from '../releases/held-release.ts';
import type { ReleaseHolder } from '../releases/holder.ts';
import { type Announced, announce } from './announce.ts';

export interface LinkServiceOptions extends Announced {
  /** Aborted when the process stops. */
  readonly draining: AbortSignal;
  /** Looks for something new in the store. */
  readonly refresh: () => void;
}

type Item =
  | { readonly answer: Answer }
  | { readonly announcement: Announcement }
  | { readonly load: LoadAnswer };
/** An entry that became a job. */
interface Taken {
  readonly id: number;
  readonly job: Job;
  readonly worker: ReleaseWorker;
}

type Stream = ServerDuplexStream<ExchangeRequest__Output, ExchangeResponse>;

const frameOf = (items: readonly Item[]): ExchangeResponse => {
  const answers = items.flatMap((item) => ('answer' in item ? [item.answer] : []));
  const loads = items.flatMap((item) => ('load' in item ? [item.load] : []));
  const announcement = items.findLast((item) => 'announcement' in item);
  return announcement === undefined
    ? { answers, loads }
    : { answers, loads, announcement: announcement.announcement };
};

const sizeOf = (item: Item): number =>
  'answer' in item ? bytesOfTensors(item.answer.success?.outputs ?? []) : 0;

const failure = (id: number, { code, message, retryAfterMs = 0 }: SluiceError) => ({
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

/** @throws SluiceError RELEASE_UNAVAILABLE */
const heldRelease = (holder: ReleaseHolder, handle: number): HeldRelease => {
  const held = holder.byHandle(handle);
  if (held !== undefined && (servedOf(held) !== undefined || held.state.kind === 'ON_DEMAND')) return held;
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
  const inFlight = new IdMap<Taken>();
  /** Entries that wait for their release. */
  const loading = new Set<number>();
  const settle = (entry: InferEntry__Output, outcome: JobOutcome): void => {
    inFlight.delete(entry.id);
    write({ answer: answerOf(entry, outcome) });
  };
  const submit = (entry: InferEntry__Output, { release, worker }: Served, enqueuedAt: number): void => {
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
  const attempt = (entry: InferEntry__Output, action: () => void): void => {
    try {
      action();
    } catch (thrown) {
      settle(entry, { error: fromUnknown(thrown) });
    }
  };
  /** One that has just left for the room of another is loaded once more: a gateway may not have heard of it yet. */
  const takeLater = async (entry: InferEntry__Output, held: HeldRelease, at: number): Promise<void> => {
    loading.add(entry.id);
    const outcome = await holder.demand(held).catch(fromUnknown);
    // Nobody may wait for it any more.
    if (!loading.delete(entry.id)) return;
    attempt(entry, () => {
      if (outcome instanceof SluiceError) throw outcome;
      submit(entry, outcome, at);
    });
  };
  /** One that has just moved into a cell is served too, for the same reason. */
  const take = (entry: InferEntry__Output): void => {
    const enqueuedAt = performance.now();
    const held = heldRelease(holder, entry.release);
    const served = servedOf(held);
    if (served === undefined) void takeLater(entry, held, enqueuedAt);
    else submit(entry, served, enqueuedAt);
  };
  const load = async ({ id, model, version, digest }: LoadRequest__Output): Promise<void> => {
    try {
      await holder.demandNamed({ model, version, digest });
      write({ load: { id } });
    } catch (thrown) {
      write({ load: failure(id, fromUnknown(thrown)) });
    }
  };
  const cancel = (id: number): void => {
    loading.delete(id);
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
    loading.clear();
  };
  sendAnnouncement();
  stream.on('data', ({ entries, cancels, loads, refresh }: ExchangeRequest__Output) => {
    for (const entry of entries) attempt(entry, () => take(entry));
    for (const id of cancels) cancel(id);
    for (const each of loads) void load(each);
    if (refresh) options.refresh();
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
