import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * The model of the benchmark, made by python/train.py: gradient boosting, 100 trees, 30 numbers a row in one
 * tensor, two outputs. All systems serve this very file.
 */
export const trees = { name: 'trees', version: '1.0.0', columns: 30 } as const;

export const treesFile = join(import.meta.dirname, 'trees.onnx');

interface RowsFile {
  readonly names: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/** Rows of the data that the model was trained on. */
export const treesRows = (): RowsFile =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'rows.json'), 'utf8')) as RowsFile;

/** The first so many rows, as the tensor `features` wants them. */
export const treesTensor = (rows: number): Float32Array =>
  Float32Array.from(treesRows().rows.slice(0, rows).flat());

export const openTrees = (): Promise<InferenceSession> =>
  InferenceSession.create(treesFile, { intraOpNumThreads: 1, interOpNumThreads: 1 });

/** The second column of `probabilities`, row by row, as onnxruntime-node alone computes it. */
export const treesAnswers = async (rows: number): Promise<readonly number[]> => {
  const session = await openTrees();
  const features = new Tensor('float32', treesTensor(rows), [rows, trees.columns]);
  const { probabilities } = await session.run({ features });
  await session.release();
  const values = probabilities?.data as Float32Array;
  return Array.from({ length: rows }, (_, row) => values[2 * row + 1] ?? Number.NaN);
};

/** A release of the same file whose features have limits: twenty come in a request, ten have defaults. */
export const limited = { name: 'limited', given: 20 } as const;

const plainFeatures = () =>
  treesRows().names.map((name, column) => ({
    name,
    type: 'number',
    required: true,
    tensor: 'features',
    column,
  }));

const limitedFeatures = () => {
  const [row = []] = treesRows().rows;
  return plainFeatures().map((feature, column) => {
    const bounds = { ...feature, minimum: 0, maximum: 10_000 };
    return column < limited.given ? bounds : { ...bounds, required: false, default: row[column] };
  });
};

/** The same with three rules, none of which refuses the first row. */
export const judged = { name: 'judged' } as const;

const judging = () => {
  const { names, rows } = treesRows();
  const [first, second, third] = names;
  return {
    constants: { known: rows.map((row) => row[0]) },
    rules: [
      { when: `!(${first} in known)`, code: 'UNKNOWN', message: 'not known' },
      { when: `${second} < 0 || ${third} / ${second} > 1000`, code: 'STRANGE', message: 'no such tumour' },
      { when: 'outputs.benign > 1', code: 'TOO_SURE', message: 'more than certain', on: 'output' },
    ],
  };
};

export const judgedRelease = (): Record<string, Uint8Array | string> =>
  releaseFiles(judged.name, trees.version, limitedFeatures(), judging());

export const limitedRelease = (): Record<string, Uint8Array | string> =>
  releaseFiles(limited.name, trees.version, limitedFeatures());

/** The files of its release, under another name or version if one is given. */
export const treesRelease = (
  name: string = trees.name,
  version: string = trees.version,
): Record<string, Uint8Array | string> => releaseFiles(name, version, plainFeatures());

/** JSON is YAML. */
const releaseFiles = (
  name: string,
  version: string,
  features: readonly object[],
  more: object = {},
): Record<string, Uint8Array | string> => {
  const manifest = {
    apiVersion: 'sluice/v1',
    model: name,
    version,
    features,
    outputs: { benign: { tensor: 'probabilities', column: 1 } },
    ...more,
  };
  const folder = `${name}/${version}`;
  return {
    [`${folder}/model.onnx`]: readFileSync(treesFile),
    [`${folder}/sluice.yaml`]: JSON.stringify(manifest),
  };
};
