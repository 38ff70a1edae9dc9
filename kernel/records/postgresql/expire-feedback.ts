import type { RecordCodecs } from '../record-codec.ts';
import type { ExpiredFeedback } from '../record-store.ts';
import type { Database } from './database.ts';
import { queries } from './queries.ts';

/** At once. */
const maxExpired = 1_000;

export const expireFeedback = async (
  database: Database,
  codecs: RecordCodecs,
  receivedBeforeMs: number,
): Promise<ExpiredFeedback[]> => {
  const oldest = queries
    .selectFrom('feedback')
    .select('id')
    .where('state', '=', 'waiting')
    .where('received', '<', new Date(receivedBeforeMs).toISOString())
    .orderBy('received')
    .limit(maxExpired)
    .forUpdate()
    .skipLocked();
  const query = queries
    .updateTable('feedback')
    .set({ state: 'expired' })
    .where('id', 'in', oldest)
    .returning('message');
  const expired = await database.transact((transaction) => transaction.run(query.compile()));
  return expired.map(({ message }) => {
    const { feedbackId, predictionId, entityId } = codecs.feedback.decode(message);
    return { feedbackId, predictionId, entityId };
  });
};
