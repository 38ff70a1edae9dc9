import { setTimeout as pause } from 'node:timers/promises';
import type { StreamSettings } from '@sluice/kernel/revision/stream-settings';
import type { GatewayOptions } from '../gateway-client.ts';
import type { ProgressBar } from '../output/progress-bar.ts';
import { askStreams } from './ask-streams.ts';
import type { StreamAnswer } from './stream-answer.ts';

export interface ReplayWanted {
  readonly into: string;
  readonly start: StreamSettings['start'];
  /** RFC 3339. */
  readonly until: string;
  /** A selector; undefined: that of the stream. */
  readonly version: string | undefined;
}

/** Longest name of a stream. */
const maxNameLength = 64;

/** A name of its own for each replay, since each has a place of its own. */
const replayName = (name: string, nowMs: number): string => {
  const ending = `-replay-${nowMs.toString(36)}`;
  return `${name.slice(0, maxNameLength - ending.length)}${ending}`;
};

/** The stream that scores past events of another one once more, into another sink. */
export const replayOf = (
  stream: StreamSettings,
  { into, start, until, version = stream.version }: ReplayWanted,
  nowMs: number,
): StreamSettings => ({
  ...stream,
  name: replayName(stream.name, nowMs),
  replayOf: stream.name,
  to: into,
  version,
  start,
  until,
});

const pollMs = 500;

const left = ({ partitions }: StreamAnswer): number =>
  partitions.reduce((sum, { lagMessages }) => sum + lagMessages, 0);

const done = ({ partitions }: StreamAnswer): number =>
  partitions.reduce(
    (sum, { scored, refused, filtered, unchanged, deadLetters }) =>
      sum + scored + refused + filtered + unchanged + deadLetters,
    0,
  );

export interface Following {
  readonly gateway: GatewayOptions;
  readonly name: string;
  readonly progress: ProgressBar;
  readonly stop: AbortSignal;
}

/** Asks how a replay stands until it has come to its end, and answers how it stood then. */
export const untilFinished = async ({ gateway, name, progress, stop }: Following): Promise<StreamAnswer> => {
  for (;;) {
    const { streams } = await askStreams(gateway);
    // The gateway may not have the revision yet.
    const stream = streams.find((each) => each.name === name);
    if (stream !== undefined) {
      const count = done(stream);
      progress.at(count / (count + left(stream)), count);
      if (stream.state === 'FINISHED') return stream;
    }
    await pause(pollMs, undefined, { signal: stop });
  }
};
