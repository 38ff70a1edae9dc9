import { lastMs } from '../prediction-time.ts';

/** A time as PostgreSQL reads it; what lies outside of 1970 … 9999 is moved to the nearest. */
export const timeText = (timeMs: number): string =>
  new Date(Math.min(Math.max(timeMs, 0), lastMs)).toISOString();
