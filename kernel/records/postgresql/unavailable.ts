import pg from 'pg';
import { messageOf } from '../../errors/message-of.ts';
import { SluiceError } from '../../errors/sluice-error.ts';

/** Classes and codes of PostgreSQL's errors (its appendix A). */
const repeatable = new Set(['40001', '40P01', '55P03']);
const noPartition = '23514';
/** Data exceptions, and limits of the program such as the depth of its stack. */
const dataClasses = ['22', '54'];

const sqlState = (error: unknown): string => (error instanceof pg.DatabaseError ? (error.code ?? '') : '');

/** The connection can still be used after a rollback. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.severity === 'ERROR';

/** The same transaction may succeed when it is tried again at once. */
export const isRepeatable = (error: unknown): boolean => repeatable.has(sqlState(error));

export const isNoPartition = (error: unknown): boolean => sqlState(error) === noPartition;

export const isBadData = (error: unknown): boolean => dataClasses.includes(sqlState(error).slice(0, 2));

/** The database for people: its URL without user, password and parameters. */
export const placeOf = (url: string): string => url.replace(/\?.*$/s, '').replace(/\/\/.*@/s, '//');

export const databaseUnavailable = (place: string, why: string, cause?: unknown): SluiceError =>
  new SluiceError('DATABASE_UNAVAILABLE', `the database of records at ${place} ${why}`, { cause });

/** What failed while the database was asked, as what the ports promise. */
export const asUnavailable = (place: string, error: unknown): SluiceError =>
  error instanceof SluiceError
    ? error
    : databaseUnavailable(place, `cannot be asked: ${messageOf(error) || sqlState(error)}`, error);
