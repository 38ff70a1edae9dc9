import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { createPace, type Paced } from '../load/pace.ts';
import type { Question } from '../load/question.ts';
import { askWithH2load, assertAnswered, type Shape, withCpu } from '../load/run-question.ts';
import type { SystemName } from '../systems/systems.ts';
import type { Comparison, Row, Section } from './row.ts';

export interface UnaryOptions {
  readonly name: string;
  readonly title: string;
  readonly section: Section;
  readonly system: SystemName;
  readonly question: Question;
  readonly against?: Comparison;
  readonly shape: Shape;
}

const sampleOf = async (
  bench: Bench,
  { system: name, question, shape }: UnaryOptions,
  answerBytes: number,
  paced: Paced,
): Promise<Sample> => {
  const system = await bench.system(name);
  const { result, cpu } = await paced(bench.seconds, async (requests) => {
    const asked = { ...shape, until: { requests }, logFolder: bench.folder };
    const run = () => askWithH2load(bench, system, question, asked);
    const measured = await withCpu(system, run, ({ done }) => done);
    return { ...measured, ...measured.result };
  });
  assertAnswered(result, answerBytes);
  const { perSecond, p50Us = Number.NaN, p99Us = Number.NaN } = result;
  return {
    requestsPerSecond: perSecond,
    rowsPerSecond: perSecond * question.rows,
    p50Us,
    p99Us,
    ...cpu,
  };
};

/** One question over and over, so many at a time: gRPC or REST, as the question says. */
export const unaryRow = (options: UnaryOptions): Row => {
  const { name, title, section, system, question, shape } = options;
  const paced = createPace(shape.connections * shape.streams);
  let answerBytes = 0;
  return {
    name,
    title,
    section,
    ...(options.against === undefined ? {} : { against: options.against }),
    needs: system.startsWith('mlserver') ? ['h2load', 'python'] : ['h2load'],
    prepare: async (bench) => {
      answerBytes = await question.ask(await bench.system(system));
      const load = (seconds: number) => sampleOf({ ...bench, seconds }, options, answerBytes, paced);
      await bench.warmUp(system, question, load);
    },
    measure: (bench) => sampleOf(bench, options, answerBytes, paced),
  };
};
