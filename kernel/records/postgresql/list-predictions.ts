import type { SelectQueryBuilder } from 'kysely';
import { sql } from 'kysely';
import type { PredictionQuery } from '../prediction-reader.ts';
import { lastMs } from '../prediction-time.ts';
import { columnText } from './column-text.ts';
import type { Database } from './database.ts';
import { type PageEnd, pageToken, readPageToken } from './page-token.ts';
import { queries, type Tables } from './queries.ts';
import { type Span, spansOf, storedDays } from './stored-days.ts';
import { timeText } from './time-text.ts';

export interface ListedRow {
  readonly id: string;
  readonly record: Buffer;
}

export interface ListedPage {
  readonly rows: readonly ListedRow[];
  readonly nextPageToken: string | undefined;
}

const maxPageSize = 1_000;

type Selected = SelectQueryBuilder<Tables, 'predictions', ListedRow>;

const ofRelease = (select: Selected, { model, version }: PredictionQuery): Selected => {
  let chosen = select;
  if (model !== undefined)
    chosen = chosen.where('kept_with', 'in', [columnText(model), '']).where('model', '=', columnText(model));
  return version === undefined ? chosen : chosen.where('version', '=', columnText(version));
};

const withOutcome = (select: Selected, { outcome, code }: PredictionQuery): Selected => {
  let chosen = select;
  if (outcome !== undefined) chosen = chosen.where('outcome', '=', outcome);
  if (code === undefined) return chosen;
  chosen = chosen.where('code', '=', columnText(code));
  // Only what was not answered has another code: there is an index of those.
  return code === 'OK' ? chosen : chosen.where('outcome', '<>', 'prediction');
};

const withRest = (select: Selected, { entityId, synthetic, hasFeedback }: PredictionQuery): Selected => {
  let chosen = select;
  if (entityId !== undefined) chosen = chosen.where('entity_id', '=', columnText(entityId));
  if (synthetic !== undefined) chosen = chosen.where('synthetic', '=', synthetic);
  if (hasFeedback === undefined) return chosen;
  // Looked up for row after row until the page is full; `exists` would first read all feedback there is.
  const known = sql<boolean>`(select true from feedback where prediction_id = predictions.id limit 1)`;
  return chosen.where(sql<boolean>`${known} is ${sql.raw(hasFeedback ? 'not' : '')} null`);
};

const beyond = (select: Selected, end: PageEnd | undefined, ascending: boolean): Selected => {
  if (end === undefined) return select;
  const row = sql`(${timeText(end.timeMs)}::timestamptz, ${end.id}::uuid)`;
  return select.where(sql<boolean>`(time, id) ${sql.raw(ascending ? '>' : '<')} ${row}`);
};

const select = (query: PredictionQuery, span: Span, end: PageEnd | undefined, limit: number): Selected => {
  const inSpan = queries
    .selectFrom('predictions')
    .select(['id', 'record'])
    .where('time', '>=', timeText(span.fromMs))
    .where('time', '<', timeText(span.toMs));
  const filtered = withRest(withOutcome(ofRelease(inSpan, query), query), query);
  const order = query.ascending ? 'asc' : 'desc';
  return beyond(filtered, end, query.ascending).orderBy('time', order).orderBy('id', order).limit(limit);
};

/** What the query asks for, less what came before its page token. */
const spanOf = ({ fromMs = 0, toMs = lastMs, ascending }: PredictionQuery, end: PageEnd | undefined): Span =>
  ascending
    ? { fromMs: Math.max(fromMs, end?.timeMs ?? 0), toMs }
    : { fromMs, toMs: Math.min(toMs, (end?.timeMs ?? lastMs) + 1) };

/** A transaction for each part of the span, so that none is long. */
export const listPredictions = async (database: Database, query: PredictionQuery): Promise<ListedPage> => {
  const end = readPageToken(query);
  const size = Math.min(Math.max(query.pageSize, 1), maxPageSize);
  const span = spanOf(query, end);
  const rows: ListedRow[] = [];
  for (const part of spansOf(await storedDays(database, span, query), span)) {
    const compiled = select(query, part, end, size + 1 - rows.length).compile();
    rows.push(...(await database.transact((transaction) => transaction.run(compiled))));
    if (rows.length > size) break;
  }
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return { rows: page, nextPageToken: rows.length > size && last ? pageToken(query, last.id) : undefined };
};
