import { createHash } from 'node:crypto';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { PredictionQuery } from '../prediction-reader.ts';
import { predictionTimeMs } from '../prediction-time.ts';

/** Where a page ended. */
export interface PageEnd {
  readonly id: string;
  readonly timeMs: number;
}

const hashBytes = 9;
const idBytes = 16;

/** Of all that decides which predictions there are and in which order. */
const queryHash = (query: PredictionQuery): Buffer => {
  const { model, version, fromMs, toMs, outcome, code, entityId, hasFeedback, synthetic, ascending } = query;
  const filters = [model, version, fromMs, toMs, outcome, code, entityId, hasFeedback, synthetic, ascending];
  const text = JSON.stringify(filters.map((filter) => filter ?? null));
  return createHash('sha256').update(text).digest().subarray(0, hashBytes);
};

/** For people it is a word without a meaning. */
export const pageToken = (query: PredictionQuery, id: string): string =>
  Buffer.concat([queryHash(query), Buffer.from(id.replaceAll('-', ''), 'hex')]).toString('base64url');

const idOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const refused = (message: string): SluiceError =>
  new SluiceError('INVALID_INPUT', `page_token: ${message}`, {
    violations: [{ path: 'page_token', rule: 'page_token', message }],
  });

/** @throws SluiceError INVALID_INPUT for a token that is none, or of another query */
export const readPageToken = (query: PredictionQuery): PageEnd | undefined => {
  if (query.pageToken === undefined || query.pageToken === '') return undefined;
  const bytes = Buffer.from(query.pageToken, 'base64url');
  const id = idOf(bytes.subarray(hashBytes));
  const timeMs = predictionTimeMs(id);
  if (bytes.length !== hashBytes + idBytes || timeMs === undefined)
    throw refused('expected the next_page_token of an earlier page, got something else');
  if (!bytes.subarray(0, hashBytes).equals(queryHash(query)))
    throw refused('it belongs to a query with other filters or another order; only the page size may change');
  return { id, timeMs };
};
