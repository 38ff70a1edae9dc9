import { after, before, describe } from 'node:test';
import { type RecordsKind, whyNoRecords } from '../../support/records.ts';
import { changeCases } from './cases/changes.ts';
import { deadLetterCases } from './cases/dead-letters.ts';
import { deliveryCases } from './cases/deliveries.ts';
import { eventCases } from './cases/events.ts';
import { replayCases } from './cases/replays.ts';
import { scalingCases } from './cases/scaling.ts';
import { statusCases } from './cases/status.ts';
import { storyCases } from './cases/story.ts';
import { traceCases } from './cases/trace.ts';
import { openWorld, type StreamsWorld } from './world.ts';

/** What streams promise, on one pair of event log and database, which all cases share: its start costs seconds. */
export const streamsCases = (kind: RecordsKind): void => {
  describe(`streams, ${kind}`, { skip: whyNoRecords(kind) }, () => {
    const stack = new AsyncDisposableStack();
    let world: StreamsWorld;
    before(async () => {
      world = stack.use(await openWorld(kind));
    });
    after(() => stack.disposeAsync());
    for (const [what, cases] of [
      ['the story', storyCases],
      ['events', eventCases],
      ['deliveries', deliveryCases],
      ['traces', traceCases],
      ['dead letters', deadLetterCases],
      ['changes', changeCases],
      ['status', statusCases],
      ['replays', replayCases],
      ['scaling', scalingCases],
    ] as const)
      describe(what, () => cases(() => world, kind));
  });
};
