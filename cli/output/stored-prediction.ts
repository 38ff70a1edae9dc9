import type {
  GivenFeedback,
  PredictionRecord,
  RecordedTensor,
  StoredPrediction,
} from '../predictions/stored-prediction.ts';
import { formatPairs, formatTable, formatValue } from './table.ts';

type Pair = readonly [name: string, value: unknown];

/** A prediction on a terminal: the answer, where it comes from, what was sent, and what became known since. */
export const formatStoredPrediction = ({ record, feedback, traceUrl }: StoredPrediction): string =>
  [
    formatPairs(outcomePairs(record)),
    formatPairs(factPairs(record, traceUrl)),
    formatInput(record),
    formatFeedback(feedback),
  ]
    .filter((part) => part !== '')
    .join('\n');

const outcomePairs = ({ outcome }: PredictionRecord): Pair[] => {
  const { prediction, tensors, refusal, failure } = outcome;
  if (refusal !== undefined)
    return [
      ['refused', refusal.code],
      ['reason', refusal.message],
    ];
  if (failure !== undefined)
    return [
      ['failed', failure.code],
      ['reason', failure.message],
    ];
  if (tensors !== undefined) return tensors.tensors.map(tensorPair);
  return Object.entries(prediction?.outputs ?? {});
};

const tensorPair = ({ name, datatype, shape }: RecordedTensor): Pair => [
  name,
  `${datatype} ${JSON.stringify(shape)}`,
];

/** To microseconds. */
const shownMs = (ms: number): string => `${Number(ms.toFixed(3))} ms`;

const factPairs = (record: PredictionRecord, traceUrl: string): Pair[] => {
  const { release, timings } = record;
  return [
    ['release', release === undefined ? record.model : `${release.name} ${release.version}`],
    ['time', record.time],
    ['entity', record.entityId],
    ['door', record.door],
    ['synthetic', record.synthetic ? 'yes' : ''],
    ...record.warnings.map((warning): Pair => ['warning', warning]),
    ['prediction', record.predictionId],
    ['request', record.requestId],
    ['trace', traceUrl === '' ? record.traceId : traceUrl],
    ['queue', timings && shownMs(timings.queueMs)],
    ['compute', timings && shownMs(timings.computeMs)],
    ['total', timings && shownMs(timings.totalMs)],
    ['no replay', record.notReplayable],
  ];
};

const formatInput = ({ input, redactions }: PredictionRecord): string => {
  const { features, tensors, omitted } = input;
  const hidden = new Map(redactions.map(({ feature, how }) => [feature, how]));
  if (omitted !== undefined) return `input left out: ${omitted.size} bytes, ${omitted.digest}\n`;
  if (tensors !== undefined) {
    const rows = tensors.tensors.map(({ name, datatype, shape }) => [name, datatype, JSON.stringify(shape)]);
    return formatTable(['TENSOR', 'DATATYPE', 'SHAPE'], rows);
  }
  const shown = Object.entries(features ?? {}).map(([name, value]) => [
    name,
    hidden.get(name) === 'hash' ? `${formatValue(value)} (hash)` : formatValue(value),
  ]);
  const dropped = redactions.filter(({ how }) => how === 'drop').map(({ feature }) => [feature, '(dropped)']);
  const rows = [...shown, ...dropped];
  return rows.length === 0 ? '' : formatTable(['FEATURE', 'VALUE'], rows);
};

const formatFeedback = (feedback: readonly GivenFeedback[]): string => {
  if (feedback.length === 0) return '';
  const rows = feedback.map(({ time, author, label, reward, correction, comment }) => [
    time,
    author,
    label === undefined ? '' : formatValue(label),
    reward === undefined ? '' : String(reward),
    correction === undefined ? '' : formatValue(correction),
    comment,
  ]);
  return formatTable(['FEEDBACK', 'BY', 'LABEL', 'REWARD', 'CORRECTION', 'COMMENT'], rows);
};
