import { sql } from 'kysely';
import { columnText } from './column-text.ts';
import type { Database } from './database.ts';
import { dayMs, dayOfText } from './day.ts';
import { queries } from './queries.ts';
import { timeText } from './time-text.ts';

/** At or after the first, before the second. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The days of a span that have records (of a model, or of any), in the order in which they are read. A model's requests
 * that no release answered are kept with those of all models.
 */
export const storedDays = async (
  database: Database,
  { fromMs, toMs }: Span,
  { model, ascending }: { readonly model?: string; readonly ascending: boolean },
): Promise<readonly number[]> => {
  let query = queries
    .selectFrom('prediction_days')
    .select(sql<string>`to_char(day, 'YYYY-MM-DD')`.as('text'))
    .where('day', '>=', timeText(fromMs).slice(0, 10))
    .where('day', '<=', timeText(toMs).slice(0, 10))
    .groupBy('day')
    .orderBy('day', ascending ? 'asc' : 'desc');
  if (model !== undefined) query = query.where('kept_with', 'in', [columnText(model), '']);
  const days = await database.transact((transaction) => transaction.run(query.compile()));
  return days.map(({ text }) => dayOfText(text));
};

/** Spans to read one after the other: a day, then two, four …: pages that suffice early cost little, empty ones not much. */
export const spansOf = (days: readonly number[], { fromMs, toMs }: Span): Span[] => {
  const spans: Span[] = [];
  for (let start = 0, count = 1; start < days.length; start += count, count *= 2) {
    const part = days.slice(start, start + count);
    const [first, last] = [Math.min(...part), Math.max(...part)];
    spans.push({ fromMs: Math.max(fromMs, first * dayMs), toMs: Math.min(toMs, (last + 1) * dayMs) });
  }
  return spans;
};
