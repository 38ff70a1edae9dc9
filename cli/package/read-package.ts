import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError, type Violation } from '@sluice/kernel/errors/sluice-error';
import { type EvaluationRow, isMeasured, readDataset } from '@sluice/kernel/evaluation/read-dataset';
import { checkPackage } from '@sluice/kernel/release/check-package';
import { type GoldenCase, readGolden } from '@sluice/kernel/release/read-golden';
import { folderOfRelease, type Release } from '@sluice/kernel/release/release';
import { inputSchema } from '@sluice/kernel/schema/input-schema';
import type { Store } from '@sluice/kernel/store/store';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import { packageName } from './package-name.ts';
import { packageStore } from './package-store.ts';

/** A package whose every file is good. */
export interface Package {
  readonly store: Store;
  readonly release: Release;
  readonly golden: readonly GoldenCase[];
  /** Of the dataset that is measured; empty: there is none. */
  readonly rows: readonly EvaluationRow[];
}

/** Rows of a dataset whose faults are named. */
const maxRowFaults = 10;

/**
 * Reads a package with the server's own check, its golden cases and its dataset.
 * @throws CommandFailure USAGE when the folder is none; PACKAGE_INVALID with every fault, each with its file.
 */
export const readPackage = async (folder: string): Promise<Package> => {
  const { model, version } = await packageName(folder);
  const store = packageStore(folder, model, version);
  const inside = folderOfRelease(model, version);
  const faults: Violation[] = [];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      faults.push(...faultsOf(error));
      return undefined;
    }
  };
  const release = await attempt(() => checkPackage(store, model, version));
  const golden = release === undefined ? [] : await attempt(() => readGolden(store, inside));
  const dataset = release?.manifest?.evaluation?.dataset;
  const rows = isMeasured(dataset) ? await attempt(() => readDataset(store, inside, dataset)) : [];
  if (release !== undefined) {
    faults.push(...rowFaults(release, rows ?? []));
    if (faults.length === 0) return { store, release, golden: golden ?? [], rows: rows ?? [] };
  }
  throw new CommandFailure(`${folder} is no good package`, {
    code: 'PACKAGE_INVALID',
    exitCode: exitCodes.failed,
    violations: faults,
  });
};

/** `golden.jsonl:3: …` is a place and what is wrong there. */
const located = /^([\w.-]+\.(?:yaml|json|jsonl|onnx|pbtxt)(?::\d+)?):? (.*)$/s;

const faultsOf = (error: unknown): Violation[] => {
  if (error instanceof SluiceError && error.violations.length > 0) return [...error.violations];
  return [faultOf(messageOf(error), 'package')];
};

const faultOf = (text: string, file: string): Violation => {
  const [, path = file, message = text] = located.exec(text) ?? [];
  return { path, rule: 'package', message };
};

const rowFaults = (release: Release, rows: readonly EvaluationRow[]): Violation[] => {
  const schema = inputSchema(release);
  const file = release.manifest?.evaluation?.dataset ?? '';
  const faults = rows.flatMap(({ line, features: given }) => {
    const checked = schema.check(given);
    const violations = 'violations' in checked ? checked.violations : [];
    return violations.map(({ path, ...rest }) => ({
      ...rest,
      path: `${file}:${line}`,
      message: `${path}: ${rest.message}`,
    }));
  });
  return faults.slice(0, maxRowFaults);
};
