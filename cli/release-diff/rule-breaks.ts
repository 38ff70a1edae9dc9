import { isDeepStrictEqual } from 'node:util';
import type { Release } from '@sluice/kernel/release/release';
import { type Break, forFeatures, forTensors } from './break.ts';

/** Rules hold for whoever asks, with features or tensors. */
const forBoth = (path: string, message: string): Break[] => [
  forFeatures(path, message),
  forTensors(path, message),
];

/** Rules that may refuse what was answered, and a schema of its own: what they refuse is not compared. */
export const ruleBreaks = (from: Release, to: Release): Break[] => {
  const old = new Map((from.manifest?.rules ?? []).map((rule) => [rule.code, rule]));
  const rules = (to.manifest?.rules ?? []).flatMap(({ code, when, on }) => {
    const before = old.get(code);
    if (before === undefined) return forBoth(`rules.${code}`, 'is new: what was answered may be refused');
    if (before.when === when && before.on === on) return [];
    return forBoth(`rules.${code}`, 'has another condition: what was answered may be refused');
  });
  const { schema } = to.given ?? {};
  const isOther = schema !== undefined && !isDeepStrictEqual(schema, from.given?.schema);
  return isOther
    ? [...rules, forFeatures('schema', 'is new or another one: what was accepted may be refused')]
    : rules;
};
