import { z } from 'zod';
import { messageOf } from '../errors/message-of.ts';
import type { FeatureValue } from '../features/value.ts';
import type { Store } from '../store/store.ts';
import { isDatatype } from '../tensor/datatypes.ts';
import { type PackageFault, refuse } from './package-error.ts';
import { type FieldFault, pathText, schemaFaults } from './schema-faults.ts';

/** golden.jsonl: inputs with the outputs or refusals that must come, one case a line. */

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

const named = {
  ...common,
  features: z.record(z.string(), value),
  /** What derived features must come to. */
  derived: z.record(z.string(), value).optional(),
};
const featureCase = z.strictObject({ ...named, outputs: z.record(z.string(), value) });
/** One that a rule refuses, with its code. */
const refusalCase = z.strictObject({ ...named, refusal: z.string().min(1) });
const tensorCase = z.strictObject({
  ...common,
  inputs: z.array(goldenTensor),
  outputs: z.array(goldenTensor),
});

const golden = z.union([featureCase, refusalCase, tensorCase]);
export type GoldenCase = z.infer<typeof golden>;

/** A case and where it is. */
export interface GoldenLine {
  /** From 1. */
  readonly line: number;
  readonly golden: GoldenCase;
}

/** Of a file that is something else the rest tells nothing new. */
const maxFaults = 16;

const file = 'golden.jsonl';

const parseLine = (
  text: string,
): { readonly value: GoldenCase } | { readonly faults: readonly FieldFault[] } => {
  try {
    const value: unknown = JSON.parse(text);
    const parsed = golden.safeParse(value);
    return parsed.success ? { value: parsed.data } : { faults: schemaFaults(golden, value, parsed.error) };
  } catch (error) {
    return { faults: [{ path: [], message: `this is not JSON: ${messageOf(error)}` }] };
  }
};

/**
 * The golden cases of a text, with their lines.
 * @throws PackageError naming every line that cannot be read.
 */
export const parseGolden = (text: string): GoldenLine[] => {
  const [cases, faults]: [GoldenLine[], PackageFault[]] = [[], []];
  for (const [index, each] of text.split('\n').entries()) {
    if (each.trim() === '' || faults.length >= maxFaults) continue;
    const line = index + 1;
    const parsed = parseLine(each);
    if ('value' in parsed) cases.push({ line, golden: parsed.value });
    else
      for (const { path, message } of parsed.faults)
        faults.push({ file, line, path: pathText(path), message });
  }
  refuse(faults.slice(0, maxFaults));
  return cases;
};

/**
 * The golden cases of a release; none when it has no golden.jsonl.
 * @throws PackageError naming every line that cannot be read.
 */
export const readGolden = async (store: Store, folder: string): Promise<GoldenCase[]> => {
  if (!(await store.files(folder)).includes(file)) return [];
  const text = (await store.read(`${folder}/${file}`)).toString('utf8');
  return parseGolden(text).map((each) => each.golden);
};
