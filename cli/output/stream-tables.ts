import type { PartitionAnswer, StreamAnswer } from '../streams/stream-answer.ts';
import { formatTable } from './table.ts';

const secondsOf = (seconds: number): string =>
  seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds));

const rateOf = (rate: number): string => (rate < 10 ? rate.toFixed(1) : String(Math.round(rate)));

const modelOf = ({ model, version }: StreamAnswer): string =>
  version === '' ? model : `${model} ${version}`;

/** A row for each stream. */
export const formatStreams = (streams: readonly StreamAnswer[]): string =>
  formatTable(
    ['STREAM', 'STATE', 'FROM', 'TO', 'MODEL', 'DELIVERY', 'LAG', 'LAG S', 'EVENTS/S'],
    streams.map((stream) => [
      stream.name,
      stream.state.toLowerCase(),
      stream.from.join(', '),
      stream.to,
      modelOf(stream),
      stream.delivery,
      String(stream.lagMessages),
      secondsOf(stream.lagSeconds),
      rateOf(stream.rate),
    ]),
  );

const rowOf = (stream: string, each: PartitionAnswer): string[] => [
  stream,
  `${each.topic}-${each.partition}`,
  each.scorer,
  each.committed,
  String(each.lagMessages),
  secondsOf(each.lagSeconds),
  rateOf(each.rate),
  `${each.inWindow}/${each.maxWindow}`,
  String(each.scored),
  String(each.refused),
  String(each.filtered + each.unchanged),
  String(each.deadLetters),
  String(each.retries),
];

const partitionHeadings = [
  'STREAM',
  'PARTITION',
  'SCORER',
  'COMMITTED',
  'LAG',
  'LAG S',
  'EVENTS/S',
  'WINDOW',
  'SCORED',
  'REFUSED',
  'LEFT OUT',
  'DEAD',
  'RETRIES',
];

/** What a stream waits for from the beginning has no time. */
const errorsOf = ({ name, lastError, lastErrorTime }: StreamAnswer): string =>
  lastError === '' ? '' : `${name}: ${lastErrorTime === '' ? '' : `${lastErrorTime} `}${lastError}\n`;

/** The same, a row for each of their partitions, and what went wrong last. */
export const formatStatus = (streams: readonly StreamAnswer[]): string => {
  const rows = streams.flatMap(({ name, partitions }) => partitions.map((each) => rowOf(name, each)));
  const parts = [
    formatStreams(streams),
    rows.length === 0 ? '' : formatTable(partitionHeadings, rows),
    streams.map(errorsOf).join(''),
  ];
  return parts.filter((part) => part !== '').join('\n');
};
