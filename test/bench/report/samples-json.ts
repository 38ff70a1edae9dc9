import type { Results } from '../run-rows.ts';
import { judgeGoals } from './goals.ts';

/** Every sample, for comparisons with later runs. */
export const asJson = (
  { rows, rounds, single, failures }: Results,
  about: Readonly<Record<string, string>>,
): string => {
  const samplesOf = (name: string) => [...rounds, single].flatMap((round) => round.get(name) ?? []);
  const goals = judgeGoals(rounds, single).map(({ goal: { text, atLeast, stretch }, measured, verdict }) => ({
    text,
    atLeast,
    stretch,
    ...measured,
    verdict,
  }));
  const named = rows.map(({ name, title, section }) => ({ name, title, section, samples: samplesOf(name) }));
  return `${JSON.stringify({ ...about, at: new Date().toISOString(), goals, rows: named, failures }, undefined, 2)}\n`;
};
