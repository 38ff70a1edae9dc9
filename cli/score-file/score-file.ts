import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import type { Column } from '../export/column-set.ts';
import type { GatewayOptions } from '../gateway-client.ts';
import type { ProgressBar } from '../output/progress-bar.ts';
import { rowAsker } from './ask-row.ts';
import { formatOf } from './file-format.ts';
import type { InputColumn } from './input/input.ts';
import { inputIdentity } from './input/input-identity.ts';
import { openInput } from './input/open-input.ts';
import { assemble } from './output/assemble.ts';
import {
  addTallies,
  type Job,
  type Journal,
  noRows,
  openJournal,
  partIn,
  readJournal,
  type Tally,
} from './output/journal.ts';
import { checkOutput, checkSameInput, checkSameJob, openOutput, partialOf } from './output/output-folder.ts';
import { outputRow } from './output/output-row.ts';
import { openPartWriter } from './output/part-writer.ts';
import { type ColumnChoice, factColumns, type Plan, planColumns } from './plan.ts';
import { rowRate } from './row-rate.ts';
import { scoreRows } from './score-rows.ts';
import { findTarget, type Target } from './target.ts';
import { requestEncoder } from './wire/encode-request.ts';
import type { GrpcDoor } from './wire/open-stream.ts';

export interface ScoreFileOptions {
  readonly gateway: GatewayOptions;
  readonly door: GrpcDoor;
  readonly path: string;
  readonly out: string;
  readonly model: string;
  readonly version: string | undefined;
  readonly choice: ColumnChoice;
  readonly streams: number;
  readonly patienceMs: number;
  readonly resume: boolean;
  readonly force: boolean;
  readonly progress: ProgressBar;
  readonly stop: AbortSignal;
}

export interface Report extends Tally {
  readonly model: string;
  readonly version: string;
  /** Rows that an earlier run had done. */
  readonly resumed: number;
  readonly seconds: number;
  /** Of this run. */
  readonly rowsPerSecond: number;
}

const progressMs = 100;

const keptColumns = (kept: readonly InputColumn[]): Column[] =>
  kept.map(({ name, kind }) => ({ name, kind: kind === 'json' ? 'text' : kind }));

const columnsOf = ({ kept }: Plan, { outputs }: Target): Column[] => [
  ...keptColumns(kept),
  ...factColumns,
  ...outputs,
];

interface Started {
  readonly target: Target;
  readonly plan: Plan;
  readonly columns: readonly Column[];
  readonly job: Job;
  readonly parts: Journal['parts'];
}

/** A run that goes on asks the release of before, wherever an alias has moved. */
const start = async (options: ScoreFileOptions, columns: readonly InputColumn[]): Promise<Started> => {
  const { gateway, path, out, model, choice } = options;
  const identity = await inputIdentity(path);
  const journal = options.resume ? await readJournal(partialOf(out)) : undefined;
  if (journal !== undefined) checkSameInput(journal.job.input, identity);
  const target = await findTarget(gateway, model, journal?.job.version ?? options.version);
  const plan = planColumns(target, columns, choice);
  const whole = columnsOf(plan, target);
  const { version, digest } = target;
  const run = journal?.job.run ?? `${randomUUID().slice(0, 8)}-`;
  const shape = JSON.stringify([
    whole.map(({ name, kind }) => `${name}:${kind}`),
    [...choice.map],
    choice.entityId,
  ]);
  const job = { run, input: identity, model, version, digest, columns: shape };
  if (journal !== undefined) checkSameJob(journal.job, job);
  await openOutput(out, journal);
  return { target, plan, columns: whole, job, parts: journal?.parts ?? [] };
};

/** Scores every row of a file into another one, which is there as a whole or not at all. */
export const scoreFile = async (options: ScoreFileOptions): Promise<Report> => {
  const { path, out, stop, progress } = options;
  const format = formatOf('--out', out);
  await checkOutput(out, options);
  const input = await openInput(path);
  const { target, plan, columns, job, parts } = await start(options, input.columns);
  const folder = partialOf(out);
  const before = parts.reduce<Tally>(addTallies, noRows);
  const rate = rowRate(before.rows);
  await using journal = await openJournal(folder);
  if (parts.length === 0) await journal.append(job);
  const rowOf = outputRow(target.outputs);
  const writer = openPartWriter({ folder, format, columns, journal, parts: parts.length, rowOf });
  const tell = (): void => {
    const { rows, errors } = writer.tally();
    progress.at(input.part(), before.rows + rows, rate.words(rows, errors + before.errors, input.part()));
  };
  const telling = setInterval(tell, progressMs);
  try {
    await scoreRows({
      ...options,
      run: job.run,
      batches: input.rows(before.rows, plan.used),
      done: before.rows,
      ask: rowAsker(plan, requestEncoder(target.model, target.version), job.run),
      write: writer.add,
      stop,
    });
  } finally {
    clearInterval(telling);
    await writer.flush();
  }
  await checkUnchanged(job);
  const files = Array.from({ length: writer.parts() }, (_, index) => partIn(folder, index + 1));
  await assemble(`${folder}/whole`, format, columns, files);
  await rename(`${folder}/whole`, out);
  await rm(folder, { recursive: true, force: true });
  const done = writer.tally();
  return {
    model: target.model,
    version: target.version,
    ...addTallies(before, done),
    resumed: before.rows,
    ...rate.total(done.rows),
  };
};

const checkUnchanged = async ({ input }: Job): Promise<void> => {
  const { bytes, modifiedMs } = await inputIdentity(input.path);
  if (bytes === input.bytes && modifiedMs === input.modifiedMs) return;
  throw new CommandFailure(
    `${input.path} has changed while it was read; what was written is not put together`,
    {
      code: 'INPUT_CHANGED',
      exitCode: exitCodes.failed,
    },
  );
};
