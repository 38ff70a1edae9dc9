import { inferEcho, inferTrees, inferTreesStream } from './load/infer-questions.ts';
import { predictJudged, predictLimited, predictTrees, predictTreesStream } from './load/predict-questions.ts';
import { inferTreesBinary, inferTreesJson, predictTreesJson } from './load/rest-questions.ts';
import { inFlight } from './load/run-question.ts';
import { bareRow } from './rows/bare.ts';
import { besideRow } from './rows/beside.ts';
import { loadOnDemandRow, startManyRow } from './rows/loading.ts';
import { manyRows } from './rows/many.ts';
import { memoryRow } from './rows/memory.ts';
import { overloadRow } from './rows/overload.ts';
import { publishRow } from './rows/publish.ts';
import { recordedRows } from './rows/recorded.ts';
import { recorderRows } from './rows/recorder.ts';
import { replyToRowRow } from './rows/reply-to-row.ts';
import type { Row } from './rows/row.ts';
import { scoreFileRow } from './rows/score-file.ts';
import { startRow } from './rows/start.ts';
import { streamRow } from './rows/stream.ts';
import { streamRows } from './rows/streams.ts';
import { swapRow } from './rows/swap.ts';
import { withSpansArriving } from './rows/traced.ts';
import { unaryRow } from './rows/unary.ts';
import { bothMlservers, mlserver, oneGateway, rest64, row64 } from './rows/usual.ts';
import { validationRow } from './rows/validation.ts';
import { echo } from './systems/systems.ts';

const messagesInStream = 1_000;
const mebibyte = 2 ** 20;

const unarySection = (): Row[] => {
  const shared = { section: 'unary', question: inferTrees(1) } as const;
  const ask = (name: string, who: string, system: 'runtime' | 'sluice', requests: number): Row =>
    unaryRow({
      ...shared,
      name: `${name}-${requests}`,
      title: `${who}, ModelInfer, ${requests} in flight`,
      system,
      shape: inFlight(requests),
      ...(requests === 16 ? {} : { against: mlserver(`${requests}`) }),
    });
  return [
    bareRow(),
    ...[1, 64, 256].flatMap((requests) =>
      bothMlservers(`${requests}`, `ModelInfer, ${requests} in flight`, {
        ...shared,
        shape: inFlight(requests),
      }),
    ),
    ...[1, 64, 256].map((requests) => ask('runtime', 'model-runtime alone', 'runtime', requests)),
    ...[1, 16, 64, 256].map((requests) => ask('unary', 'gateway + runtime', 'sluice', requests)),
  ];
};

const manyRowsSection = (): Row[] => {
  const batch = { section: 'rows', question: inferTrees(32), shape: inFlight(64) } as const;
  const ours = { section: 'rows', system: 'sluice' } as const;
  return [
    ...bothMlservers('32-rows', 'ModelInfer of 32 rows, 64 in flight', batch),
    unaryRow({
      ...batch,
      ...ours,
      name: 'unary-32-rows',
      title: 'gateway + runtime, ModelInfer of 32 rows, 64 in flight',
      against: mlserver('32-rows'),
    }),
    streamRow({
      ...ours,
      name: 'infer-stream',
      title: 'gateway + runtime, ModelStreamInfer, 4 streams',
      question: inferTreesStream(messagesInStream),
      against: { ...mlserver('64'), label: "MLServer's unary" },
    }),
    streamRow({
      ...ours,
      name: 'predict-stream',
      title: 'gateway + runtime, PredictStream with named features, 4 streams',
      question: predictTreesStream(messagesInStream),
    }),
    scoreFileRow(),
  ];
};

const doorsSection = (): Row[] => [
  row64({
    name: 'predict-64',
    title: 'gateway + runtime, Predict with named features, 64 in flight',
    section: 'doors',
    system: 'sluice',
    question: predictTrees(),
    against: oneGateway,
  }),
  row64({
    name: 'predict-20',
    title: 'gateway + runtime, Predict with 20 features that have limits, 64 in flight',
    section: 'doors',
    system: 'sluice',
    question: predictLimited(),
    against: { label: '`predict-64`', rows: ['predict-64'] },
  }),
  row64({
    name: 'predict-3-rules',
    title: 'gateway + runtime, Predict with 20 features that have limits and 3 rules, 64 in flight',
    section: 'doors',
    system: 'sluice',
    question: predictJudged(),
    against: { label: '`predict-20`', rows: ['predict-20'] },
  }),
  validationRow(),
  rest64({
    name: 'mlserver-0-rest-json',
    title: 'MLServer, parallel_workers 0, REST in JSON, 64 connections',
    system: 'mlserver-0',
    question: inferTreesJson(),
  }),
  rest64({
    name: 'rest-json',
    title: 'gateway + runtime, REST in JSON, 64 connections',
    system: 'sluice',
    question: inferTreesJson(),
    against: { label: "MLServer's REST", rows: ['mlserver-0-rest-json'] },
  }),
  rest64({
    name: 'rest-binary',
    title: 'gateway + runtime, REST with binary tensors, 64 connections',
    system: 'sluice',
    question: inferTreesBinary(),
  }),
  rest64({
    name: 'rest-predict',
    title: 'gateway + runtime, REST Predict with named features, 64 connections',
    system: 'sluice',
    question: predictTreesJson(),
  }),
];

const tensorsSection = (): Row[] =>
  [1, 16].map((size) =>
    unaryRow({
      name: `tensor-${size}-mib`,
      title: `gateway + runtime, ${size} MiB there and back, 4 in flight`,
      section: 'tensors',
      system: 'sluice-large',
      question: inferEcho(echo, size * mebibyte),
      shape: inFlight(4),
    }),
  );

const tracingSection = (): Row[] =>
  ([1, 100] as const).flatMap((percent) => {
    const ours = { section: 'tracing', system: `sluice-traced-${percent}` } as const;
    const untraced = (name: string) => ({ label: 'without tracing', rows: [name] });
    const rows = [
      row64({
        ...ours,
        name: `unary-64-traced-${percent}`,
        title: `ModelInfer, 64 in flight, traced at ${percent} %`,
        question: inferTrees(1),
        against: untraced('unary-64'),
      }),
      row64({
        ...ours,
        name: `predict-64-traced-${percent}`,
        title: `Predict, 64 in flight, traced at ${percent} %`,
        question: predictTrees(),
        against: untraced('predict-64'),
      }),
      streamRow({
        ...ours,
        name: `infer-stream-traced-${percent}`,
        title: `ModelStreamInfer, 4 streams, traced at ${percent} %`,
        question: inferTreesStream(messagesInStream),
        against: untraced('infer-stream'),
      }),
    ];
    return percent === 100 ? rows.map(withSpansArriving) : rows;
  });

/** Every row of the benchmark, in the order in which a round goes through them. */
export const allRows = (): Row[] => [
  ...unarySection(),
  ...manyRowsSection(),
  ...doorsSection(),
  ...tensorsSection(),
  ...tracingSection(),
  ...recordedRows(),
  ...recorderRows(),
  ...streamRows(),
  ...manyRows(),
  besideRow('fast-alone', 'the fast model alone', false),
  besideRow('fast-beside-slow', 'the fast model, one request of about 30 ms always under way', true),
  overloadRow(),
  swapRow('swap-none', 'the default stays where it is', false),
  swapRow('swap-default', 'the default moves as soon as the gateway has followed', true),
  replyToRowRow(),
  memoryRow(),
  publishRow(),
  startRow(),
  loadOnDemandRow(),
  startManyRow(),
];
