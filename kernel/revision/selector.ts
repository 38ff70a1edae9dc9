import { parseVersion } from '../release/version.ts';
import { parseRange, type VersionRange } from '../release/version-range.ts';
import { isAliasName } from './revision.ts';

/** Which release is meant among those of a model. */
export type Wanted =
  | { readonly kind: 'default' }
  | { readonly kind: 'exact'; readonly version: string }
  | { readonly kind: 'range'; readonly range: VersionRange }
  | { readonly kind: 'alias'; readonly alias: string }
  | { readonly kind: 'digest'; readonly digest: string };

/** The time that a selector looks back to. */
export interface AsOf {
  /** As it was asked for. */
  readonly text: string;
  /** Milliseconds since 1970; of a date its last one, in UTC. */
  readonly at: number;
}

/** What the version of a request says, at every door. */
export interface Selector {
  readonly wanted: Wanted;
  /** Undefined: now. */
  readonly asOf: AsOf | undefined;
}

export type ParsedSelector = { readonly value: Selector } | { readonly error: string };

/** A longer text is no selector. */
const maxLength = 256;
const digestStart = 'sha256:';
const fewestDigits = 12;

/**
 * `2.1.3` and `1`: exact; `2.x`, `~2.1`, `>=2 <3`: a range; `champion`: an alias; `sha256:` and at least 12
 * digits: a digest; nothing: the default. `@2026-11-20` or `@2026-11-20T10:00:00Z` behind a range, an alias
 * or nothing: as of that time.
 */
export const parseSelector = (text: string): ParsedSelector => {
  if (text.length > maxLength) return { error: `a selector has at most ${maxLength} characters` };
  const split = text.indexOf('@');
  if (split < 0) return parseWanted(text, undefined);
  const asOf = parseTime(text.slice(split + 1));
  return 'error' in asOf ? asOf : parseWanted(text.slice(0, split), asOf);
};

const parseWanted = (text: string, asOf: AsOf | undefined): ParsedSelector => {
  const wanted = wantedOf(text);
  if ('error' in wanted) return wanted;
  if (asOf !== undefined && (wanted.kind === 'exact' || wanted.kind === 'digest'))
    return { error: `'${text}' is the same release at any time: leave '@${asOf.text}' away` };
  return { value: { wanted, asOf } };
};

const wantedOf = (text: string): Wanted | { readonly error: string } => {
  if (text === '') return { kind: 'default' };
  if (parseVersion(text) !== undefined) return { kind: 'exact', version: text };
  if (text.startsWith(digestStart)) return digestOf(text);
  if (isAliasName(text)) return { kind: 'alias', alias: text };
  const range = parseRange(text);
  return range === undefined
    ? { error: `'${text}' is no version, range, alias, digest or time` }
    : { kind: 'range', range };
};

const digestOf = (text: string): Wanted | { readonly error: string } => {
  const digits = text.slice(digestStart.length).toLowerCase();
  return /^[0-9a-f]{12,64}$/.test(digits)
    ? { kind: 'digest', digest: `${digestStart}${digits}` }
    : { error: `a digest is ${digestStart} and ${fewestDigits} to 64 hexadecimal digits` };
};

const time = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** V8 takes the 30th of February for the 2nd of March. */
export const isDay = (date: string): boolean => {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
};

const parseTime = (text: string): AsOf | { readonly error: string } => {
  const [, date = '', ofDay] = time.exec(text) ?? [];
  const at = ofDay === undefined ? Date.parse(`${date}T23:59:59.999Z`) : Date.parse(text);
  if (isDay(date) && !Number.isNaN(at)) return { text, at };
  return { error: `'${text}' is no time: expected such as @2026-11-20 or @2026-11-20T10:00:00Z` };
};
