import { InvalidArgumentError } from 'commander';

const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

const isUnit = (text: string): text is keyof typeof unitsMs => Object.hasOwn(unitsMs, text);

const ago = (text: string, nowMs: number): number | undefined => {
  if (text === 'now') return nowMs;
  const [, count = '', unit = ''] = /^-(\d{1,6})([a-z])$/.exec(text) ?? [];
  return isUnit(unit) ? nowMs - Number(count) * unitsMs[unit] : undefined;
};

const date = /^\d{4}-\d\d-\d\d$/;
const dateAndTime = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const dayCharacters = 10;

/** Date takes 2026-02-30 for the second of March. */
const isOnCalendar = (text: string): boolean => {
  const day = text.slice(0, dayCharacters);
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
};

const absolute = (text: string): number | undefined => {
  if (!date.test(text) && !dateAndTime.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) || !isOnCalendar(text) ? undefined : ms;
};

/**
 * A time as people type it, as RFC 3339 in UTC: RFC 3339 itself, a date (its begin in UTC), `now`, or so long ago:
 * -30s, -15m, -1h, -7d, -2w.
 * @throws InvalidArgumentError
 */
export const parseTime = (text: string, nowMs: number = Date.now()): string => {
  const ms = ago(text, nowMs) ?? absolute(text);
  if (ms !== undefined) return new Date(ms).toISOString();
  throw new InvalidArgumentError(
    `expected a time such as 2026-11-20T10:00:00Z, 2026-11-20, now, -1h or -7d, got '${text}'`,
  );
};

/** For commander, which passes the earlier value along. */
export const timeOption = (text: string): string => parseTime(text);
