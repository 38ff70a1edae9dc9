import { isInSuite } from './suites.ts';

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

interface LineRule {
  readonly pattern: RegExp;
  /** The files that it is about. */
  readonly files: RegExp;
  readonly message: string;
}

/** Half of the sources are at most this long. */
const maxMedianLines = 100;
const maxLines = 220;

const lockfile = 'package-lock.json';
/** Data and other people's texts. */
const notOurs = /^(package-lock\.json|LICENSE)$|\.(csv|jsonl|svg)$/;

const lineRules: readonly LineRule[] = [
  {
    pattern: /(?<![\w.$}])\/(work|root|home)\//,
    files: /./,
    message: 'a path of one machine',
  },
  {
    pattern: /\bregistry\.[a-z0-9-]+\.(com|dev|internal|io|local|net|org)\b|\b(artifactor[y]|index[-]url)\b/i,
    files: /./,
    message: 'a registry host: the one who installs chooses it',
  },
  {
    pattern: /\b(describe|it|suite|test)\.only\(|\bonly: true\b/,
    files: /\.test\.ts$/,
    message: 'a test that silences the others',
  },
  {
    pattern: /\b(TO[D]O|FIX[M]E)\b/,
    files: /./,
    message: 'an open end: finish it, or make it an issue',
  },
];

function lineFaults({ path, text }: SourceFile): string[] {
  const rules = lineRules.filter(({ files }) => files.test(path));
  return text.split('\n').flatMap((line, index) => {
    const broken = rules.filter(({ pattern }) => pattern.test(line));
    return broken.map(({ message }) => `${path}:${index + 1}: ${message}`);
  });
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function lengthFaults(files: readonly SourceFile[]): string[] {
  const sources = files
    .filter(({ path }) => path.endsWith('.ts') && !path.startsWith('protos/gen/'))
    .map(({ path, text }) => ({ path, lines: countLines(text) }));
  const tooLong = sources
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => `${path}: ${lines} lines, more than ${maxLines}: two rooms in one`);
  const middle = median(sources.map(({ lines }) => lines));
  return middle > maxMedianLines
    ? [...tooLong, `median ${middle} lines, more than ${maxMedianLines}`]
    : tooLong;
}

/** A lockfile made behind a private registry would not install elsewhere. */
function lockFaults({ path, text }: SourceFile): string[] {
  const addresses = [...text.matchAll(/"resolved": "(\w+:[^"]*)"/g)].map(([, address]) => address ?? '');
  const foreign = addresses.filter((address) => !/^https:\/\/registry\.npmjs\.org\//.test(address));
  return foreign.map((address) => `${path}: ${address} is not on the public registry`);
}

function testFaults(files: readonly SourceFile[]): string[] {
  const lost = files.filter(({ path }) => path.endsWith('.test.ts') && !isInSuite(path));
  return lost.map(({ path }) => `${path}: no suite of scripts/suites.ts runs it`);
}

/** The broken house rules, one line each. */
export function houseFaults(files: readonly SourceFile[]): string[] {
  const ours = files.filter(({ path }) => !notOurs.test(path));
  const locks = files.filter(({ path }) => path === lockfile);
  return [
    ...ours.flatMap(lineFaults),
    ...lengthFaults(files),
    ...locks.flatMap(lockFaults),
    ...testFaults(files),
  ];
}
