import { messageOf } from '@sluice/kernel/errors/message-of';
import { invalidInput, type SluiceError } from '@sluice/kernel/errors/sluice-error';
import { toStruct } from '@sluice/kernel/features/struct';
import { rowWriter } from '@sluice/kernel/link/rows';
import type { Binding as WireBinding } from '@sluice/protos/gen/sluice/gateway/v1/Binding';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeRequest';
import type { Layout } from '@sluice/protos/gen/sluice/gateway/v1/Layout';
import type { ScoreEntry } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import type { ScorerReport } from '@sluice/protos/gen/sluice/gateway/v1/ScorerReport';
import type { Binding, ScoreRequest } from '../gateway-link.ts';
import type { Task } from './task.ts';

/** A part of a frame: an event, the id of one whose answer nobody waits for any more, or what the scorer does. */
export type Item =
  | { readonly task: Task }
  | { readonly cancel: number }
  | { readonly report: ScorerReport; readonly bytes: number };

const cancelBytes = 8;
/** As many as a gateway keeps; more than a frame has items, so that no frame says two things of one number. */
export const maxBindings = 1_024;

/** Bytes that an item takes in a frame, at most. */
export const sizeOf = (item: Item): number =>
  'task' in item ? item.task.bytes : 'report' in item ? item.bytes : cancelBytes;

export interface FrameBuilderOptions {
  /** Whether it is still to be sent: it may have been given up while it waited for its frame. */
  readonly isWanted: (task: Task) => boolean;
  /** It cannot be written. */
  readonly onUnwritable: (task: Task, error: SluiceError) => void;
}

const maxRemainingUs = 0xffff_ffff;

const toWire = (id: number, binding: Binding): WireBinding => ({
  id,
  stream: binding.stream,
  model: binding.model,
  version: binding.version,
  returnsRecord: binding.returnsRecord,
  replay: binding.isReplay,
  priority: binding.priority,
});

/** Gives each binding a number; when there are no more, that which was used longest ago gets another meaning. */
const bindingNumbers = (declare: (id: number, binding: Binding) => void): ((binding: Binding) => number) => {
  /** The least lately used first. */
  const declared = new Map<Binding, number>();
  let last: Binding | undefined;
  let lastId = 0;
  const fresh = (binding: Binding): number => {
    const [oldest] = declared.size < maxBindings ? [] : declared;
    const id = oldest?.[1] ?? declared.size + 1;
    if (oldest !== undefined) declared.delete(oldest[0]);
    declare(id, binding);
    return id;
  };
  return (binding) => {
    if (binding === last) return lastId;
    lastId = declared.get(binding) ?? fresh(binding);
    declared.delete(binding);
    declared.set(binding, lastId);
    last = binding;
    return lastId;
  };
};

/** Makes the frames of one stream, whose entries refer to what was declared on it before, or in the same frame. */
export const frameBuilder = ({ isWanted, onUnwritable }: FrameBuilderOptions) => {
  let layouts: Layout[] = [];
  let bindings: WireBinding[] = [];
  const writeRow = rowWriter((layout) => layouts.push(layout));
  const idOf = bindingNumbers((id, binding) => bindings.push(toWire(id, binding)));
  const entryOf = ({ id, binding, dueAt }: Task, request: ScoreRequest, now: number): ScoreEntry => ({
    id,
    binding: idOf(binding),
    features: writeRow(request.features),
    remainingUs: Math.min(maxRemainingUs, Math.max(1, Math.round((dueAt - now) * 1000))),
    predictionId: request.predictionId,
    entityId: request.entityId,
    requestId: request.requestId,
    traceparent: request.trace.traceparent,
    tracestate: request.trace.tracestate,
    parameters: request.parameters === undefined ? null : toStruct(request.parameters),
    isLast: request.isLast,
  });
  const add = (task: Task, now: number, entries: ScoreEntry[]): void => {
    const { request } = task;
    if (request === undefined || !isWanted(task)) return;
    try {
      entries.push(entryOf(task, request, now));
      task.request = undefined;
    } catch (thrown) {
      const message = `expected values that the link can carry: ${messageOf(thrown)}`;
      onUnwritable(task, invalidInput([{ path: 'features', rule: 'type', message }]));
    }
  };
  return (items: readonly Item[]): ExchangeRequest => {
    layouts = [];
    bindings = [];
    const entries: ScoreEntry[] = [];
    const cancels: number[] = [];
    let report: ScorerReport | null = null;
    const now = performance.now();
    for (const item of items) {
      if ('task' in item) add(item.task, now, entries);
      else if ('cancel' in item) cancels.push(item.cancel);
      else report = item.report;
    }
    return { layouts, bindings, entries, cancels, report };
  };
};
