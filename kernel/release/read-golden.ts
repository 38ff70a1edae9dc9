import { z } from 'zod';
import { linesOf } from '../config/zod-faults.ts';
import { messageOf } from '../errors/message-of.ts';
import type { FeatureValue } from '../features/value.ts';
import type { Store } from '../store/store.ts';
import { isDatatype } from '../tensor/datatypes.ts';

/** golden.jsonl: inputs with the outputs that must come, one case a line. */

const value: z.ZodType<FeatureValue> = z.json() as z.ZodType<FeatureValue>;
const common = {
  name: z.string().min(1),
  /** How far a number may be off, in the unit of the output. */
  tolerance: z.number().min(0).optional(),
};

const goldenTensor = z.strictObject({
  name: z.string(),
  datatype: z.string().refine(isDatatype, 'expected a datatype of the Open Inference Protocol'),
  shape: z.array(z.number().int().min(0)),
  data: z.array(z.json()),
});
export type GoldenTensor = z.infer<typeof goldenTensor>;

const featureCase = z.strictObject({
  ...common,
  features: z.record(z.string(), value),
  outputs: z.record(z.string(), value),
});
const tensorCase = z.strictObject({
  ...common,
  inputs: z.array(goldenTensor),
  outputs: z.array(goldenTensor),
});

const golden = z.union([featureCase, tensorCase]);
export type GoldenCase = z.infer<typeof golden>;

const parseLine = (line: string, number: number): GoldenCase => {
  try {
    const parsed = golden.safeParse(JSON.parse(line));
    if (parsed.success) return parsed.data;
    throw new Error(linesOf(parsed.error));
  } catch (error) {
    throw new Error(`golden.jsonl:${number}: ${messageOf(error)}`, { cause: error });
  }
};

/**
 * The golden cases of a release; none when it has no golden.jsonl.
 * @throws Error naming the line that cannot be read.
 */
export const readGolden = async (store: Store, folder: string): Promise<GoldenCase[]> => {
  if (!(await store.files(folder)).includes('golden.jsonl')) return [];
  const lines = (await store.read(`${folder}/golden.jsonl`)).toString('utf8').split('\n');
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line, index + 1)]));
};
