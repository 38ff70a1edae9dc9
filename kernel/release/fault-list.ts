import { faultsOf, type PackageFault } from './package-error.ts';

/** What is wrong with a package, found step by step. */
export interface FaultList {
  readonly faults: readonly PackageFault[];
  add(faults: readonly PackageFault[]): void;
  /** Runs a step; what it throws becomes faults of a file, and its answer undefined. */
  attempt<T>(file: string, step: () => T): T | undefined;
  /** The same of a step that takes its time. */
  awaited<T>(file: string, step: Promise<T>): Promise<T | undefined>;
}

export const createFaultList = (): FaultList => {
  const faults: PackageFault[] = [];
  const thrown = (file: string, error: unknown): undefined => {
    faults.push(...faultsOf(error, file));
  };
  return {
    faults,
    add: (more) => void faults.push(...more),
    attempt: (file, step) => {
      try {
        return step();
      } catch (error) {
        return thrown(file, error);
      }
    },
    awaited: (file, step) => step.catch((error: unknown) => thrown(file, error)),
  };
};
