import type { Message } from '@sluice/kernel/event-log/event-log';
import type { RecordsKind } from '../../support/records.ts';
import { assertScored, type Counted } from './assert-scored.ts';
import { type NumberedEvents, startNumberedEvents } from './numbered-events.ts';
import { type StreamPlant, type StreamPlantOptions, startStreamPlant } from './plant.ts';
import { readTopics, type TopicReader } from './read-topics.ts';

/** Events before a fault, and after it. */
const some = 500;

/** A plant, events for it, and somebody who reads what comes of them. */
export interface StreamWorld extends AsyncDisposable {
  readonly plant: StreamPlant;
  readonly load: NumberedEvents;
  readonly reader: TopicReader;
  /** Lets something happen while events come, and go; all that was sent until then is held against what came of it. */
  whileScoring(fault: () => Promise<void>): Promise<Counted>;
}

export const openStreamWorld = async (
  kind: RecordsKind,
  options: StreamPlantOptions & {
    /** What an event has that is not as all others. */
    readonly eventOf?: (number: number) => Partial<Message>;
  } = {},
): Promise<StreamWorld> => {
  await using starting = new AsyncDisposableStack();
  const plant = starting.use(await startStreamPlant(kind, options));
  const reader = starting.use(await readTopics(plant.log));
  const load = starting.use(await startNumberedEvents(plant.log, reader.tally, options.eventOf));
  const stack = starting.move();
  return {
    plant,
    load,
    reader,
    whileScoring: async (fault) => {
      load.upTo(Number.POSITIVE_INFINITY);
      await load.more(some);
      await fault();
      await load.more(some);
      await load.halt();
      return assertScored(plant, reader);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
