import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Revision } from '@sluice/kernel/revision/revision';
import type { StreamSettings } from '@sluice/kernel/revision/stream-settings';
import type { GetStreamResponse } from '@sluice/protos/gen/sluice/v1/GetStreamResponse';
import type { ListStreamsResponse } from '@sluice/protos/gen/sluice/v1/ListStreamsResponse';
import type { ScorerReports } from '../link/scorer-reports.ts';
import { describeStream } from './describe-stream.ts';

export interface StreamsOptions {
  /** The revision in force. */
  readonly revision: () => Revision;
  /** What the scorers that are linked to this gateway say of a stream. */
  readonly sharesOf: ScorerReports['sharesOf'];
}

/** What can be asked about streams. */
export interface Streams {
  readonly list: () => ListStreamsResponse;
  /** @throws SluiceError STREAM_NOT_FOUND */
  readonly get: (name: string) => GetStreamResponse;
}

const notFound = (name: string, { revision, streams }: Revision): SluiceError => {
  const there = streams.map((each) => each.name).join(', ') || 'none';
  return new SluiceError('STREAM_NOT_FOUND', `revision ${revision} has no stream '${name}'; it has ${there}`);
};

export const openStreams = ({ revision, sharesOf }: StreamsOptions): Streams => {
  const describe = (settings: StreamSettings) =>
    describeStream(
      settings,
      sharesOf(settings.name).map(({ share }) => share),
    );
  return {
    list: () => ({ streams: revision().streams.map(describe) }),
    get: (name) => {
      const found = revision().streams.find((each) => each.name === name);
      if (found === undefined) throw notFound(name, revision());
      return { stream: describe(found) };
    },
  };
};
