import { z } from 'zod';
import { linesOf } from '../config/zod-faults.ts';
import { messageOf } from '../errors/message-of.ts';
import type { Features, FeatureValue } from '../features/value.ts';
import type { Store } from '../store/store.ts';

/** A row of what a release is measured on: what a caller would send, and what turned out to be true. */
export interface EvaluationRow {
  /** In the file, from 1. */
  readonly line: number;
  readonly features: Features;
  readonly label: Label;
}
export type Label = number | string | boolean;

const value: z.ZodType<FeatureValue> = z.json() as z.ZodType<FeatureValue>;
const row = z.strictObject({
  features: z.record(z.string(), value),
  label: z.union([z.number(), z.string(), z.boolean()], 'expected a number, a string, true or false'),
});

/** Faults that one message names. */
const maxFaults = 10;

/** Whether `evaluation.dataset` is a file of the package: one of JSON Lines. Anything else is provenance. */
export const isMeasured = (dataset: string | undefined): dataset is string =>
  dataset !== undefined && /^[^/:\\]+\.jsonl$/.test(dataset);

const parseRow = (text: string, line: number): EvaluationRow | { readonly fault: string } => {
  try {
    const parsed = row.safeParse(JSON.parse(text));
    return parsed.success ? { line, ...parsed.data } : { fault: linesOf(parsed.error) };
  } catch (error) {
    return { fault: messageOf(error) };
  }
};

/**
 * The rows of a dataset, `{"features": {…}, "label": …}` a line.
 * @throws Error naming the lines that cannot be read; or that there is no such file, or nothing in it.
 */
export const readDataset = async (store: Store, folder: string, name: string): Promise<EvaluationRow[]> => {
  if (!(await store.files(folder)).includes(name))
    throw new Error(`sluice.yaml: evaluation.dataset: there is no ${name} in the package`);
  const lines = (await store.read(`${folder}/${name}`)).toString('utf8').split('\n');
  const rows: EvaluationRow[] = [];
  const faults: string[] = [];
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '') continue;
    const parsed = parseRow(text, index + 1);
    if ('fault' in parsed) faults.push(`${name}:${index + 1}: ${parsed.fault}`);
    else rows.push(parsed);
    if (faults.length === maxFaults) break;
  }
  if (faults.length > 0) throw new Error(faults.join('; '));
  if (rows.length === 0) throw new Error(`${name}: there are no rows in it`);
  return rows;
};
