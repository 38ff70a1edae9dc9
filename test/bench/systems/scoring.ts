import { editRevision } from '@sluice/kernel/revision/edit-revision';
import { settingsOf } from '@sluice/kernel/revision/revision';
import { streamSettings } from '@sluice/kernel/revision/stream-settings';
import { openStore } from '@sluice/kernel/store/open-store';
import { startConsumers } from '../../support/consumers.ts';
import { trees } from '../model/trees.ts';
import type { System } from './system.ts';

export interface ScoredTopics {
  readonly from: string;
  readonly to: string;
}

export interface Scoring extends ScoredTopics {
  readonly delivery: 'at-least-once' | 'exactly-once';
  readonly record: 'off' | 'required';
}

const by = { who: 'bench', why: 'a stream' };

/** Makes a stream of a new name the only one of the revision, and starts a scorer. */
export const startScoring = async (
  { store, link, eventLog }: System,
  { from, to, delivery, record }: Scoring,
  stack: AsyncDisposableStack,
): Promise<{ readonly pid: number; readonly group: string }> => {
  const name = to.replaceAll('.', '-');
  const stream = streamSettings.parse({ name, from, to, model: trees.name, delivery, start: 'earliest' });
  const settings = { ...settingsOf({ models: {} }, trees.name), record: { mode: record } };
  const models = { [trees.name]: settings };
  await editRevision(openStore(store), (content) => ({ ...content, models, streams: [stream] }), by);
  const env = { CONSUMERS: 'scorer', EVENT_LOG_URL: eventLog, GATEWAY_LINKS: link, STORE_URL: store };
  const { pid } = stack.use(await startConsumers(env));
  return { pid, group: `sluice.scorer.${name}` };
};
