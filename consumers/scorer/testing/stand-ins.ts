import { setImmediate as turn } from 'node:timers/promises';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Message, Received } from '@sluice/kernel/event-log/event-log';
import type { Changes, EventCodec, ReadEvent } from '../event-codec.ts';
import type { Binding, BoundModel, GatewayLink, Scored, ScoreRequest } from '../gateway-link.ts';

/** What a model that stands in for a gateway says to an event; what is thrown is its failure. */
export type Answer = (request: ScoreRequest, binding: Binding) => Scored | Promise<Scored>;

export const scored = (outputs: Readonly<Record<string, number>> = {}): Scored => ({
  release: { model: 'm', version: '1.0.0', digest: 'd' },
  outcome: { kind: 'prediction', outputs },
  warnings: [],
  traceparent: '',
  record: undefined,
});

const gone = (): SluiceError => new SluiceError('CANCELLED', 'it was disposed of');

const bindTo = (answer: Answer, binding: Binding): BoundModel => {
  const disposed = Promise.withResolvers<never>();
  disposed.promise.catch(() => undefined);
  return {
    score: (request, asker) => {
      const answered = turn().then(() => answer(request, binding));
      Promise.race([answered, disposed.promise]).then(
        (scored) => asker.scored(scored),
        (error) => asker.failed(fromUnknown(error)),
      );
    },
    [Symbol.dispose]: () => disposed.reject(gone()),
  };
};

/** A link to a gateway that is this process itself. */
export const standInLink = (answer: Answer): Pick<GatewayLink, 'bind'> => ({
  bind: (binding) => bindTo(answer, binding),
});

/** Its value is text; `skip` is filtered, `poison` cannot be read. */
export const textCodec: EventCodec = {
  headers: [],
  read: (received: Received) => {
    const text = received.value?.toString() ?? '';
    if (text === 'skip') return { kind: 'filtered' };
    if (text.startsWith('poison'))
      return { kind: 'unreadable', error: new SluiceError('MALFORMED_REQUEST', `expected no ${text}`) };
    return {
      kind: 'event',
      received,
      predictionId: `${received.topic}/${received.partition}/${received.offset}`,
      entityId: received.key?.toString() ?? '',
      requestId: '',
      features: { text },
      parameters: undefined,
      passed: {},
      trace: { traceparent: '', tracestate: '' },
    };
  },
  write: ({ received }: ReadEvent, { outcome }: Scored): Message => ({
    key: received.key ?? Buffer.alloc(0),
    value: Buffer.from(
      outcome.kind === 'refusal'
        ? `${received.partition}:${received.offset}:${outcome.code}`
        : `${received.partition}:${received.offset}:${received.value}`,
    ),
    headers: [],
    timestampMs: received.timestampMs,
  }),
};

/** Knows the last text of each key, for ever. */
export const textChanges = (): Changes => {
  const last = new Map<string, unknown>();
  return {
    isUnchanged: ({ entityId, features }) => last.get(entityId) === features['text'],
    note: ({ entityId, features }) => void last.set(entityId, features['text']),
    forget: ({ entityId }) => void last.delete(entityId),
  };
};

export const refused = (code: string): Scored => ({
  ...scored(),
  outcome: { kind: 'refusal', code, message: 'a rule says no' },
});
