import { parentPort, workerData } from 'node:worker_threads';
import { openEventLog } from '../../event-log/open-event-log.ts';
import { keepTickShape } from '../../lifecycle/tick-shape.ts';
import type { Shrink } from './send-all.ts';
import { createShipper } from './shipper.ts';
import type { Answer, Order, ThreadData } from './thread-messages.ts';

/** The thread that ships: what the log's client costs is not taken from the requests. */

keepTickShape();

const data = workerData as ThreadData;
const port = parentPort;
if (port === null) throw new Error('worker.ts runs in a worker thread only');

const noShrink: Shrink = () => undefined;
const shrinkOf = async (module: string | undefined): Promise<Shrink> => {
  if (module === undefined) return noShrink;
  const { shrink } = (await import(module)) as { readonly shrink: Shrink };
  return shrink;
};

const tell = (answer: Answer): void => port.postMessage(answer);

const shipper = createShipper({
  ...data,
  openLog: () => openEventLog(data.eventLog),
  common: new Map(
    [...data.common].map(([topic, headers]) => [
      topic,
      headers.map(([name, value]) => [name, Buffer.from(value)] as const),
    ]),
  ),
  shrink: await shrinkOf(data.shrinkModule),
  report: tell,
});

let isClosing = false;
shipper.ended.catch((error: unknown) => {
  if (!isClosing) throw error;
});

const close = async (drainMs: number): Promise<void> => {
  isClosing = true;
  await shipper.close(drainMs);
  port.close();
};

const remove = async (id: string): Promise<void> => {
  await shipper.remove(id);
  tell({ kind: 'removed', id });
};

const obey = async (order: Order): Promise<void> => {
  if (order.kind === 'wake') shipper.wake();
  else if (order.kind === 'add') shipper.add(order.source);
  else if (order.kind === 'extend') shipper.extend(order.id, order.segment);
  else if (order.kind === 'remove') await remove(order.id);
  else await close(order.drainMs);
};

port.on('message', (order: Order) => void obey(order));
