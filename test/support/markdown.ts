/** A fenced block of a page: ```console, ```ts docs/examples/predict.ts. */
export interface Block {
  readonly language: string;
  /** The file that it shows, where the fence names one. */
  readonly file: string | undefined;
  /** With a line break at the end of each line. */
  readonly text: string;
  /** Number of its first line in the page. */
  readonly line: number;
}

/** A command as it was typed behind `$ `, and what was printed. */
export interface Example {
  readonly command: string;
  readonly printed: string;
  readonly line: number;
}

/** The fenced blocks of a page, in its order. */
export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(
    ({ index, 1: language = '', 2: file, 3: text = '' }) => ({
      language,
      file,
      text,
      line: page.slice(0, index).split('\n').length + 1,
    }),
  );

/** The commands of a ```console block; a line that ends with a backslash goes on in the next one. */
export const examplesOf = ({ text, line }: Block): Example[] =>
  [...text.matchAll(/^\$ ((?:.*\\\n)*.*\n)((?:(?!\$ ).*\n)*)/gm)].map(
    ({ index, 1: command = '', 2: printed = '' }) => ({
      command: command.trimEnd(),
      printed,
      line: line + text.slice(0, index).split('\n').length - 1,
    }),
  );

/** The cells of the tables below a heading `## …`, without their heads; code marks are taken off. */
export const rowsUnder = (page: string, heading: string): string[][] => {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`the page has no heading '${heading}'`);
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.filter((_, index) => !isHead(lines, index)).map(cellsOf);
};

const isRule = (line: string | undefined): boolean => line !== undefined && /^\|[ :|-]+\|$/.test(line);
const isHead = (lines: readonly string[], index: number): boolean =>
  isRule(lines[index]) || isRule(lines[index + 1]);

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|').replaceAll('`', ''));

const id = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

/** The UUIDs of a text, in its order. */
export const idsOf = (text: string): string[] => [...text.matchAll(id)].map(([found]) => found);

const changing: readonly (readonly [pattern: RegExp, name: string])[] = [
  [id, '<id>'],
  [/\bsha256:[0-9a-f]{64}\b/g, '<digest>'],
  [/\b[0-9a-f]{32}\b/g, '<trace>'],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/(?<="(?:queue|compute|total)Ms":\s*)[\d.]+/g, '<ms>'],
  [/(?<="client":")[\d.]+:\d+(?=")/g, '<client>'],
  [/(?<="gateway":")[^"]+(?=")/g, '<gateway>'],
  [/(?<=^who: ).+$/gm, '<who>'],
  [/(?<=^(?:queue|compute|total) +)[\d.]+ ms$/gm, '<ms>'],
  [/(?<=^load +passed +)\d+ ms$/gm, '<ms>'],
  [/(?<=\boff by )[\d.e-]+$/gm, '<n>'],
  [/(?<=^files +\d+, )\d+(?= bytes$)/gm, '<n>'],
  [/(?<=-replay-)[0-9a-z]{8}\b/g, '<replay>'],
  // Of `streams status`: seconds and rates, and a scorer's name, which is as long as it is.
  [/(?<=^STREAM +PARTITION +SCORER) +/gm, '  '],
  [/(?<=^\S+ +\S+-\d+ +)\S+ +(\d+ +\d+) +[\d.]+ +[\d.]+ +(?=\d+\/\d+ )/gm, '<scorer>  $1  <rate>  '],
  [/(?<=^\S+ +(?:running|finished) .*\d) +[\d.]+ +[\d.]+$/gm, '  <rate>'],
];

/** Digits that processors agree on. */
const digits = 6;

/** What stays the same from run to run: ids, digests and times are gone, long fractions are rounded. */
export const lasting = (printed: string): string =>
  changing
    .reduce((text, [pattern, name]) => text.replaceAll(pattern, name), printed)
    .replaceAll(/\b\d+\.\d{6,}(?:e-?\d+)?\b/g, (number) => String(Number(Number(number).toPrecision(digits))))
    .trimEnd();
