import { readFileSync, writeFileSync } from 'node:fs';
import { repository } from '../../support/process.ts';

const page = `${repository}docs/benchmarks.md`;
const [begin, end] = ['<!-- measured: begin -->', '<!-- measured: end -->'];

/** Puts the measured part between its marks in docs/benchmarks.md. */
export const writePage = (measured: string): void => {
  const text = readFileSync(page, 'utf8');
  const [head] = text.split(begin);
  const [, tail] = text.split(end);
  writeFileSync(page, `${head}${begin}\n${measured}\n${end}${tail}`);
};
