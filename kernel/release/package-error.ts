import { SluiceError, type Violation } from '../errors/sluice-error.ts';

/** One thing that is wrong with a package. */
export interface PackageFault {
  /** Relative to the package; empty: it is about the package as a whole. */
  readonly file: string;
  /** From 1, where the file has lines. */
  readonly line?: number | undefined;
  /** The field, such as `features.age.tensor`; empty: the file as a whole. */
  readonly path?: string;
  /** What was expected, what came, what to do. */
  readonly message: string;
}

const placeOf = ({ file, line }: PackageFault): string => (line === undefined ? file : `${file}:${line}`);

/** `sluice.yaml:12: features.age.tensor: there is no input n`; the place once where it stays the same. */
const told = (fault: PackageFault, before: PackageFault | undefined): string => {
  const place = placeOf(fault);
  const isSame = before !== undefined && placeOf(before) === place;
  const path = fault.path ?? '';
  return [isSame ? '' : place, path, fault.message].filter((part) => part !== '').join(': ');
};

const violationOf = (fault: PackageFault): Violation => ({
  path: [placeOf(fault), fault.path ?? ''].filter((part) => part !== '').join(': ') || '(package)',
  rule: 'package',
  message: fault.message,
});

/** PACKAGE_INVALID with every fault that was found. */
export class PackageError extends SluiceError {
  readonly faults: readonly PackageFault[];

  constructor(faults: readonly PackageFault[], cause?: unknown) {
    const message = faults.map((fault, index) => told(fault, faults[index - 1])).join('; ');
    super('PACKAGE_INVALID', message, { violations: faults.map(violationOf), cause });
    this.faults = faults;
  }
}

/** @throws PackageError unless there are none. */
export const refuse = (faults: readonly PackageFault[]): void => {
  if (faults.length > 0) throw new PackageError(faults);
};

/** Splits `path: message`, as the checks of a manifest write it. */
const manifestFault = (text: string): PackageFault => {
  const [, path = '', message = text] = /^([\w.[\]-]+): (.*)$/s.exec(text) ?? [];
  return { file: 'sluice.yaml', path, message };
};

/** Messages that name their file themselves. */
const named = /^((?:\.\.\/)?(?:schemas\/)?[\w.-]+\.(?:yaml|json|jsonl|onnx|pbtxt)): (.*)$/s;

/**
 * What was thrown while a file was read, as faults of that file, or of the one that the message names.
 * @throws what was thrown, where it is a fault of ours: only messages for people are plain errors.
 */
export const faultsOf = (thrown: unknown, file: string): readonly PackageFault[] => {
  if (thrown instanceof PackageError) return thrown.faults;
  if (!(thrown instanceof Error) || thrown.name !== 'Error') throw thrown;
  const [, own = file, message = thrown.message] = named.exec(thrown.message) ?? [];
  return [own === 'sluice.yaml' ? manifestFault(message) : { file: own, message }];
};

/** @throws PackageError with the faults of a manifest, each `path: message`, unless there are none. */
export const refuseManifest = (faults: readonly string[]): void => refuse(faults.map(manifestFault));
