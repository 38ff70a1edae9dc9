import { invalidInput } from '@sluice/kernel/errors/sluice-error';
import type { Features, FeatureValue } from '@sluice/kernel/features/value';
import type { Binding, ScoreRequest } from '../gateway-link.ts';

/** Lists and objects in each other. What is deeper cannot be written into a frame, and would break the link for all. */
const maxDepth = 32;
/** Keys and lengths of a value, or of a message in a message, as protobuf writes them: at most. */
const valueBytes = 24;
/** A character as UTF-8: at most. */
const characterBytes = 3;
/** A longer text is worth being measured. */
const longText = 1024;
/** Numbers of an entry, and what frames it. */
const entryBytes = 64;

const textBytes = (text: string): number =>
  text.length > longText ? Buffer.byteLength(text) : text.length * characterBytes;

const bytesOfValue = (value: FeatureValue, depth: number): number => {
  if (typeof value === 'string') return valueBytes + textBytes(value);
  if (typeof value !== 'object' || value === null) return valueBytes;
  if (depth >= maxDepth) return Number.POSITIVE_INFINITY;
  let bytes = valueBytes;
  if (Array.isArray(value)) for (const each of value) bytes += bytesOfValue(each, depth + 1);
  else
    for (const [name, each] of Object.entries(value))
      bytes += textBytes(name) + bytesOfValue(each, depth + 1);
  return bytes;
};

/** Names count, too: the first row of a layout declares them in the same frame. */
const bytesOfFeatures = (features: Features): number => {
  let bytes = 0;
  for (const name in features) {
    const value = bytesOfValue(features[name] ?? null, 0);
    if (value === Number.POSITIVE_INFINITY) throw tooDeep(name);
    bytes += textBytes(name) + valueBytes + value;
  }
  return bytes;
};

const tooDeep = (path: string) =>
  invalidInput([
    { path, rule: 'shape', message: `expected lists and objects at most ${maxDepth} deep, it is deeper` },
  ]);

/** What the declaration of a binding takes in a frame, at most. */
export const bytesOfBinding = ({ stream, model, version }: Binding): number =>
  entryBytes + textBytes(stream) + textBytes(model) + textBytes(version);

/**
 * Bytes that an event takes in a frame with all that it needs declared, at most.
 * @throws SluiceError INVALID_INPUT for lists and objects that are nested too deep
 */
export const bytesOfEntry = (request: ScoreRequest): number => {
  const { predictionId, entityId, requestId, trace, features, parameters } = request;
  const texts = textBytes(predictionId) + textBytes(entityId) + textBytes(requestId);
  const traced = textBytes(trace.traceparent) + textBytes(trace.tracestate);
  const given = parameters === undefined ? 0 : bytesOfFeatures(parameters);
  return entryBytes + texts + traced + given + bytesOfFeatures(features);
};
