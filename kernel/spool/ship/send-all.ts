import { messageOf } from '../../errors/message-of.ts';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { Message, TopicMessages } from '../../event-log/event-log.ts';
import type { Connection } from './connection.ts';
import type { Shipment } from './messages.ts';

/** A smaller value that says less; undefined: there is none. */
export type Shrink = (topic: string, value: Uint8Array) => Uint8Array | undefined;

export interface SendOptions {
  readonly connection: Connection;
  readonly shrink: Shrink;
  /** The log will never take it. */
  readonly setAside: (shipment: Shipment, reason: string) => void;
}

/** Of one spool, in their order, by topic. */
const byTopic = (shipments: readonly Shipment[]): TopicMessages[] => {
  const topics = new Map<string, TopicMessages & { readonly messages: Message[] }>();
  for (const { topic, shared, message } of shipments) {
    const known = topics.get(topic);
    if (known === undefined) topics.set(topic, { topic, headers: shared, messages: [message] });
    else known.messages.push(message);
  }
  return [...topics.values()];
};

const isRefusal = (error: unknown): error is SluiceError =>
  error instanceof SluiceError && error.code === 'INVALID_INPUT';

const shrunk = ({ shrink }: SendOptions, shipment: Shipment): Shipment | undefined => {
  const { topic, message } = shipment;
  const value = message.value === null ? undefined : shrink(topic, message.value);
  if (value === undefined || value.length >= (message.value?.length ?? 0)) return undefined;
  const smaller = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return { ...shipment, message: { ...message, value: smaller } };
};

/** One that was refused: a smaller version of it, or none. */
const sendRefused = async (options: SendOptions, shipment: Shipment, reason: string): Promise<void> => {
  let smaller: Shipment | undefined;
  try {
    smaller = shrunk(options, shipment);
  } catch (error) {
    options.setAside(shipment, `${reason}; it cannot be made smaller: ${messageOf(error)}`);
    return;
  }
  if (smaller === undefined) options.setAside(shipment, reason);
  else
    try {
      await options.connection.send(byTopic([smaller]));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      options.setAside(shipment, error.message);
    }
};

/**
 * Sends in order. What the log refuses is found by halving, so that one message keeps no other one back.
 * @throws the signal's reason of the connection
 */
export const sendAll = async (options: SendOptions, shipments: readonly Shipment[]): Promise<void> => {
  if (shipments.length === 0) return;
  try {
    await options.connection.send(byTopic(shipments));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [first] = shipments;
    if (shipments.length === 1 && first !== undefined) {
      await sendRefused(options, first, error.message);
      return;
    }
    const half = shipments.length >> 1;
    await sendAll(options, shipments.slice(0, half));
    await sendAll(options, shipments.slice(half));
  }
};
