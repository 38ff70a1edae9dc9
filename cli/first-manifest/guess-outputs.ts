import type { Output } from '@sluice/kernel/release/manifest-outputs';
import type { TensorSpec } from '@sluice/kernel/tensor/tensor';
import { distinct, nameOf } from './names.ts';

type Outputs = Readonly<Record<string, Output>>;
type Named = readonly (readonly [name: string, output: Output])[];

/** Scores of so many classes get a name each to be filled in. */
const maxClasses = 64;

const isFloat = ({ datatype }: TensorSpec): boolean => datatype.startsWith('FP');
/** Columns of one row; 0: not known, or not one row. */
const columnsOf = ({ shape }: TensorSpec): number => {
  if (shape.length > 2) return 0;
  const [first = 1, second] = shape;
  if (second === undefined) return 1;
  return first > 1 ? 0 : Math.max(0, second);
};

/** A class for each element of one row, as classifiers of skl2onnx answer it (`zipmap` off), PyTorch's too. */
const isScores = (spec: TensorSpec): boolean => {
  const columns = columnsOf(spec);
  return isFloat(spec) && columns >= 2 && columns <= maxClasses && /prob|score|logit/i.test(spec.name);
};

/** The predicted class itself, which the scores say better. */
const isClass = (spec: TensorSpec): boolean => !isFloat(spec) && columnsOf(spec) === 1;

const classesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `class_${index}`);

const classifier = (scores: TensorSpec): Named => {
  const [no = '', yes = '', ...more] = classesOf(columnsOf(scores));
  const { name: tensor } = scores;
  if (more.length > 0) return [['label', { tensor, labels: [no, yes, ...more] }]];
  const cutoff = { parameter: 'proba_cutoff', default: 0.5 };
  return [
    ['probability', { tensor, column: 1 }],
    ['label', { tensor, column: 1, labels: [no, yes], cutoff }],
  ];
};

/** What skl2onnx calls the answer of a regression. */
const prediction = (name: string): string => (name === 'variable' ? 'prediction' : nameOf(name));

const numbers = (spec: TensorSpec): Named => {
  const columns = columnsOf(spec);
  const name = prediction(spec.name);
  return Array.from({ length: columns }, (_, column) => [
    columns === 1 ? name : `${name}_${column}`,
    { tensor: spec.name, column },
  ]);
};

/** Empty: not every output can be named yet, so that all answer under their own names. */
export const guessOutputs = (outputs: readonly TensorSpec[]): Outputs => {
  const scores = outputs.find(isScores);
  const rest = outputs.filter((spec) => spec !== scores && !(scores !== undefined && isClass(spec)));
  const isNamed = rest.every((spec) => columnsOf(spec) >= 1 && columnsOf(spec) <= maxClasses);
  if (!isNamed) return {};
  const named = [...rest.flatMap(numbers), ...(scores === undefined ? [] : classifier(scores))];
  const names = distinct(named.map(([name]) => name));
  return Object.fromEntries(named.map(([, output], index) => [names[index], output]));
};
