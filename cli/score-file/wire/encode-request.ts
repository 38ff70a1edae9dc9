import { type ByteSink, byteSink, varintBytes } from './byte-sink.ts';

/** Of PredictStreamRequest: `predict`; of PredictRequest the others. */
const tags = {
  predict: 0x0a,
  model: 0x0a,
  version: 0x12,
  entityId: 0x1a,
  features: 0x22,
  requestId: 0x32,
} as const;
/** gRPC: not compressed, then four bytes of length. */
const frameHead = 5;

export interface RequestEncoder {
  /** A gRPC frame with a PredictStreamRequest. `put` appends the entries of Struct.fields. */
  readonly encode: (requestId: string, entityId: string, put: (features: ByteSink) => void) => Buffer;
}

/** Encodes questions to one release. */
export const requestEncoder = (model: string, version: string): RequestEncoder => {
  const features = byteSink();
  const rest = byteSink();
  const frame = byteSink();
  rest.text(tags.model, model);
  rest.text(tags.version, version);
  const release = rest.copy();
  return {
    encode: (requestId, entityId, put) => {
      features.clear();
      put(features);
      rest.clear();
      if (entityId !== '') rest.text(tags.entityId, entityId);
      rest.text(tags.requestId, requestId);
      rest.varint(tags.features);
      rest.varint(features.length());
      const length = release.length + rest.length() + features.length();
      frame.clear();
      frame.bytes(emptyHead);
      frame.varint(tags.predict);
      frame.varint(length);
      frame.bytes(release);
      frame.bytes(rest.view());
      frame.bytes(features.view());
      const whole = frame.copy();
      whole.writeUInt32BE(1 + varintBytes(length) + length, 1);
      return whole;
    },
  };
};

const emptyHead = Buffer.alloc(frameHead);
