import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { toLink } from '@sluice/kernel/link/tensors';
import type { ExchangeRequest } from '@sluice/protos/gen/sluice/runtime/v1/ExchangeRequest';
import type { InferEntry } from '@sluice/protos/gen/sluice/runtime/v1/InferEntry';
import type { LoadRequest } from '@sluice/protos/gen/sluice/runtime/v1/LoadRequest';
import type { RuntimeRequest } from '../core/runtime.ts';

/**
 * A part of a frame: a request, the id of one whose answer nobody waits for any more, a release that is
 * to be loaded, or word that the store holds something new.
 */
export type Item =
  | { readonly entry: InferEntry; readonly bytes: number }
  | { readonly cancel: number }
  | { readonly load: LoadRequest }
  | { readonly refresh: true };

const maxRemainingUs = 0xffff_ffff;

/** What goes to a runtime in one frame. */
export const frameOf = (items: readonly Item[]): ExchangeRequest => ({
  entries: items.flatMap((item) => ('entry' in item ? [item.entry] : [])),
  cancels: items.flatMap((item) => ('cancel' in item ? [item.cancel] : [])),
  loads: items.flatMap((item) => ('load' in item ? [item.load] : [])),
  refresh: items.some((item) => 'refresh' in item),
});

/** Keys and lengths of a field, and a 32-bit number, as protobuf writes them: at most. */
const fieldBytes = 11;
/** A character of a name, as UTF-8: at most. */
const characterBytes = 3;
const numbersOfEntry = 4;

/** Bytes that an item takes in a frame, at most. */
export const sizeOf = (item: Item): number => {
  if ('entry' in item) return item.bytes;
  if (!('load' in item)) return fieldBytes;
  const { model = '', version = '', digest = '' } = item.load;
  return 2 * fieldBytes + textBytes(model) + textBytes(version) + textBytes(digest);
};

const textBytes = (text: string): number => fieldBytes + text.length * characterBytes;

/** Bytes of the request's tensors, and of all that goes with them on the link. */
export const bytesOf = ({ inputs, outputs, trace }: RuntimeRequest): number => {
  let bytes = fieldBytes * (numbersOfEntry + 1) + textBytes(trace.traceparent) + textBytes(trace.tracestate);
  for (const { name, datatype, shape, data } of inputs)
    bytes += textBytes(name) + textBytes(datatype) + fieldBytes * (shape.length + 3) + data.byteLength;
  for (const name of outputs) bytes += textBytes(name);
  return bytes;
};

/** A request as the link carries it: with the time that is left, since no clocks are compared. */
export const entryOf = (id: number, request: RuntimeRequest, now: number): InferEntry => ({
  id,
  release: request.handle,
  remainingUs: Math.min(maxRemainingUs, Math.max(1, Math.round((request.dueAt - now) * 1000))),
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
    `the request takes ${bytes} bytes on its way to the runtime, which receives at most ${limit} at once`,
  );
