import type { TestContext } from 'node:test';
import type { Store } from '@sluice/kernel/store/store';
import { createLog } from '@sluice/kernel/telemetry/log';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import { StoreWatch } from '../releases/store-watch.ts';

/** An interval that no test waits for. */
const never = 1_000_000;

/** A watch over a store of its own, which looks when it is told to. */
export const startWatch = async (t: TestContext, { pollMs = never, revisionPollMs = never } = {}) => {
  const temporary = await temporaryStore(t);
  const lines: { readonly level: string; readonly msg: string }[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]);
  const log = createLog({ process: 'test', environment: 'dev', level: 'info', destination: { write } });
  const watch = new StoreWatch({ store: temporary.store, log, pollMs, revisionPollMs });
  t.after(() => watch[Symbol.asyncDispose]());
  const versions = () =>
    (watch.index.get('m') ?? []).map((each) => `${each.version} ${'served' in each ? 'good' : 'broken'}`);
  return { ...temporary, watch, versions, messages: () => lines.splice(0).map(({ msg }) => msg) };
};

/** A watch that says nothing, over a store that is read by other means. */
export const watchReading = (store: Store, read: Store['read']): StoreWatch =>
  new StoreWatch({
    store: { ...store, look: async () => ({ ...store, read }) },
    log: createLog({ process: 'test', environment: 'dev', level: 'silent' }),
    pollMs: never,
    revisionPollMs: never,
  });
