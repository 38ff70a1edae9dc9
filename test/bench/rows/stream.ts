import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { createPace, type Paced } from '../load/pace.ts';
import type { Question } from '../load/question.ts';
import { askWithH2load, assertAnswered, withCpu } from '../load/run-question.ts';
import type { SystemName } from '../systems/systems.ts';
import type { Comparison, Row, Section } from './row.ts';

export interface StreamOptions {
  readonly name: string;
  readonly title: string;
  readonly section: Section;
  readonly system: SystemName;
  readonly question: Question;
  readonly against?: Comparison;
}

/** Streams at a time, each on a connection of its own. */
const streams = 4;

const sampleOf = async (
  bench: Bench,
  { system: name, question }: StreamOptions,
  answerBytes: number,
  paced: Paced,
): Promise<Sample> => {
  const system = await bench.system(name);
  const { result, cpu } = await paced(bench.seconds, async (requests) => {
    const asked = { connections: streams, streams: 1, until: { requests } };
    const run = () => askWithH2load(bench, system, question, asked);
    const measured = await withCpu(system, run, ({ done }) => done * question.messages);
    return { ...measured, ...measured.result };
  });
  assertAnswered(result, answerBytes);
  const messagesPerSecond = result.perSecond * question.messages;
  return {
    requestsPerSecond: messagesPerSecond,
    rowsPerSecond: messagesPerSecond * question.rows,
    ...cpu,
  };
};

/** Whole streams, one after the other on each connection; a request of the figures is one message. */
export const streamRow = (options: StreamOptions): Row => {
  const { name, title, section, system, question } = options;
  const paced = createPace(streams);
  let answerBytes = 0;
  return {
    name,
    title,
    section,
    ...(options.against === undefined ? {} : { against: options.against }),
    needs: ['h2load'],
    prepare: async (bench) => {
      answerBytes = await question.ask(await bench.system(system));
      const load = (seconds: number) => sampleOf({ ...bench, seconds }, options, answerBytes, paced);
      await bench.warmUp(system, question, load);
    },
    measure: (bench) => sampleOf(bench, options, answerBytes, paced),
  };
};
