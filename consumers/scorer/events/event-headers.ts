import type { Header } from '@sluice/kernel/event-log/event-log';
import type { Features } from '@sluice/kernel/features/value';
import type { TraceText } from '@sluice/kernel/telemetry/trace-context';

/** The text of a header; of several of one name the last counts, as with Kafka's own clients. */
const headerText = (headers: readonly Header[], wanted: string): string => {
  for (let at = headers.length - 1; at >= 0; at -= 1) {
    const [name, value] = headers[at] ?? [];
    if (name === wanted && value !== undefined) return value.toString('latin1');
  }
  return '';
};

/** W3C: version, trace, span and flags; later versions may add to it. */
const traceparent = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}(?:-[\x21-\x7e]*)?$/;
/** W3C asks for 512 characters at least that are passed on. */
const tracestate = /^[\x20-\x7e]{0,512}$/;

const untraced: TraceText = { traceparent: '', tracestate: '' };

/** The trace context of an event; what is none counts as absent. */
export const traceOf = (headers: readonly Header[]): TraceText => {
  const parent = headerText(headers, 'traceparent');
  if (!traceparent.test(parent)) return untraced;
  const state = headerText(headers, 'tracestate');
  return { traceparent: parent, tracestate: tracestate.test(state) ? state : '' };
};

/** For filters: the headers as texts by their names. */
export const headerTexts = (headers: readonly Header[]): Features =>
  Object.fromEntries(headers.map(([name, value]) => [name, value.toString('utf8')]));
