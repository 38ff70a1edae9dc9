import type { Parsed } from '@sluice/kernel/tensor/bytes-elements';

export interface SplitBody {
  readonly json: Uint8Array;
  /** The binary part behind the JSON. */
  readonly binary: Uint8Array;
}

/**
 * Splits a body where `Inference-Header-Content-Length` says that its JSON ends; an empty header: it
 * is JSON as a whole. (Length 0 has a meaning of its own: raw-infer.ts.)
 */
export const splitBody = (body: Uint8Array, headerLength: string): Parsed<SplitBody> => {
  if (headerLength === '') return { value: { json: body, binary: body.subarray(body.byteLength) } };
  const length = /^\d+$/.test(headerLength) ? Number(headerLength) : -1;
  if (length === -1)
    return { error: `Inference-Header-Content-Length: expected a number of bytes, got '${headerLength}'` };
  if (length > body.byteLength) {
    return {
      error: `Inference-Header-Content-Length is ${headerLength}, but the body has ${body.byteLength} bytes`,
    };
  }
  return { value: { json: body.subarray(0, length), binary: body.subarray(length) } };
};
