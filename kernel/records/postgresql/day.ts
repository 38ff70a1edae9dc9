export const dayMs = 86_400_000;

/** Days are UTC's, counted from 1970. */
export const dayOf = (timeMs: number): number => Math.floor(timeMs / dayMs);

/** 2026-11-22 */
export const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

export const dayOfText = (text: string): number => dayOf(Date.parse(`${text}T00:00:00Z`));
