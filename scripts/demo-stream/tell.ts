import type { Labels } from './send-labels.ts';
import { deadLettersOf, type StreamStatus } from './stream-status.ts';
import type { Tally } from './tally.ts';

export interface Telling {
  readonly tally: Tally;
  readonly labels: Labels;
  readonly status: StreamStatus;
  readonly tookMs: number;
}

const times = (tally: Tally): string => `p50 ${tally.quantile(0.5)} ms, p99 ${tally.quantile(0.99)} ms`;

/** One line of how it goes. */
export const progressLine = ({ tally, labels, status, tookMs }: Telling, sent: number): string => {
  const { state = 'STARTING', lagMessages = 0, lagSeconds = 0, rate = 0, lastError = '' } = status;
  const parts = [
    `${String(Math.round(tookMs / 1000)).padStart(4)} s`,
    state.toLowerCase(),
    `sent ${sent}, scored ${tally.events}`,
    `lag ${lagMessages} (${lagSeconds.toFixed(1)} s)`,
    `${Math.round(rate)} events/s`,
    times(tally),
    `labels ${labels.sent}`,
    lastError,
  ];
  return parts.filter((part) => part !== '').join('  ');
};

/** What became of it all. */
export const summary = ({ tally, labels, status, tookMs }: Telling, isLastJoined: boolean): string => {
  const { events, repeated, refused, leaving } = tally;
  const seconds = tookMs / 1000;
  const share = ((100 * labels.right) / Math.max(1, labels.sent)).toFixed(1);
  return [
    '',
    `${events} events were scored in ${seconds.toFixed(1)} s, ${Math.round(events / seconds)} a second`,
    `${repeated} came twice, ${refused} were refused, ${deadLettersOf(status)} are dead letters`,
    `from the making of an event to its score: ${times(tally)}`,
    `${leaving} customers are going to leave, says the model`,
    `${labels.sent} labels came later, and it was right in ${share} % of these cases`,
    isLastJoined ? 'the last label is found with its prediction' : 'the last label is not joined yet',
  ].join('\n');
};
