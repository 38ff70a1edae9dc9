import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { bytesOfTensors, toLink } from '@sluice/kernel/link/tensors';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { InferEntry } from '@sluice/protos/gen/sluice/runtime/v1/InferEntry';
import type { RuntimeRequest } from '../core/runtime.ts';

/** A part of a frame: a request, or the id of one whose answer nobody waits for any more. */
export type Item = { readonly entry: InferEntry } | { readonly cancel: number };

const maxRemainingUs = 0xffff_ffff;

/** What goes to a runtime in one frame. */
export const frameOf = (items: readonly Item[]): ExchangeRequest => ({
  entries: items.flatMap((item) => ('entry' in item ? [item.entry] : [])),
  cancels: items.flatMap((item) => ('cancel' in item ? [item.cancel] : [])),
});

/** Bytes of the item's tensors. */
export const sizeOf = (item: Item): number => ('entry' in item ? bytesOfTensors(item.entry.inputs ?? []) : 0);

/** Keys, names and numbers of one entry beside its data; the limit of requests has room for it. */
export const overheadBytes = 2048;

/** A request as the link carries it: with the time that is left, since no clocks are compared. */
export const entryOf = (id: number, request: RuntimeRequest): InferEntry => ({
  id,
  release: request.handle,
  remainingUs: Math.min(maxRemainingUs, Math.max(1, Math.round((request.dueAt - performance.now()) * 1000))),
  priority: request.priority,
  traceparent: request.trace.traceparent,
  tracestate: request.trace.tracestate,
  inputs: request.inputs.map(toLink),
  outputs: [...request.outputs],
});

/** Typed contents and JSON may take less room than the tensors that they stand for. */
export const tooLarge = (bytes: number, limit: number): SluiceError =>
  new SluiceError(
    'MESSAGE_TOO_LARGE',
    `the tensors of the request take ${bytes} bytes, the limit is ${limit}`,
  );
