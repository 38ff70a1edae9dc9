import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { PublishMetrics } from '../telemetry/publish-metrics.ts';
import type { Publish } from './publisher.ts';

/** Counts and logs what comes of publications, those that had no key included. */
export const tellPublications = (publish: Publish, log: Log, metrics: PublishMetrics): Publish => {
  return async (publishing) => {
    const from = publishing.peer;
    try {
      const published = await publish(publishing);
      const { release, alreadyThere, state, reason } = published;
      const what = alreadyThere ? 'was there already' : 'is published';
      const by = published.published?.by;
      log.info({ ...release, by, from, state, reason }, `${release.model} ${release.version} ${what}`);
      metrics.ended('OK');
      return published;
    } catch (thrown) {
      const error = fromUnknown(thrown);
      log.warn({ code: error.code, reason: error.message, from }, 'nothing was published');
      metrics.ended(error.code);
      throw error;
    }
  };
};
