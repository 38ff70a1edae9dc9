import { featuresOf } from '@sluice/kernel/features/features-of';
import { derivedOf, type Feature } from '@sluice/kernel/release/manifest-features';
import type { Release } from '@sluice/kernel/release/release';
import { type Break, forFeatures } from './break.ts';

/** What a feature of any type may say of its values. */
type Limits = Feature & {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly integer?: boolean;
  readonly coerce?: boolean;
  readonly nullable?: boolean | undefined;
  readonly pattern?: string | undefined;
};

/** What callers send: derived features they do not. */
const sentFeatures = (release: Release): Feature[] =>
  featuresOf(release).filter((feature) => derivedOf(feature) === undefined);

/** Features that are gone, that come, and that let less through. */
export const featureBreaks = (from: Release, to: Release): Break[] => {
  const [old, now] = [sentFeatures(from), sentFeatures(to)];
  const known = new Set(old.map(({ name }) => name));
  return [
    ...old.flatMap((feature) => {
      const other = now.find(({ name }) => name === feature.name);
      const path = `features.${feature.name}`;
      return other === undefined
        ? [forFeatures(path, 'is gone, or has another name: callers who send it are refused')]
        : changedFeature(path, feature, other);
    }),
    ...now
      .filter(({ name, required }) => required && !known.has(name))
      .map(({ name }) => forFeatures(`features.${name}`, 'is new and required')),
  ];
};

const changedFeature = (path: string, old: Feature, now: Feature): Break[] => {
  if (old.type !== now.type) return [forFeatures(`${path}.type`, `was ${old.type}, is ${now.type}`)];
  const breaks: Break[] = [];
  if (now.required && !old.required) breaks.push(forFeatures(`${path}.required`, 'is required now'));
  if (old.unit !== now.unit) breaks.push(forFeatures(`${path}.unit`, 'the same number means something else'));
  return [...breaks, ...narrowedLimits(path, old, now), ...narrowedValues(path, old, now)];
};

/** Numbers that grow when less is let through. */
const strictness: Readonly<Record<string, (feature: Limits) => number>> = {
  minimum: ({ minimum }) => minimum ?? Number.NEGATIVE_INFINITY,
  maximum: ({ maximum }) => -(maximum ?? Number.POSITIVE_INFINITY),
  maxLength: ({ maxLength }) => -(maxLength ?? Number.POSITIVE_INFINITY),
  integer: ({ integer }) => Number(integer === true),
  coerce: ({ coerce }) => Number(coerce !== true),
  nullable: ({ nullable }) => Number(nullable === false),
};

/** Of what was let through before, something is refused now. */
const narrowedLimits = (path: string, old: Limits, now: Limits): Break[] => {
  const stricter = Object.entries(strictness).flatMap(([name, of]) =>
    of(now) > of(old) ? [forFeatures(`${path}.${name}`, 'refuses what was accepted')] : [],
  );
  const hasOther = now.pattern !== undefined && now.pattern !== old.pattern;
  return hasOther ? [...stricter, forFeatures(`${path}.pattern`, 'may refuse what was accepted')] : stricter;
};

/** Categories that were accepted and are refused now. */
const narrowedValues = (path: string, old: Feature, now: Feature): Break[] => {
  if (old.type !== 'category' || now.type !== 'category' || now.values === undefined) return [];
  if (now.unknown === 'pass') return [];
  if (old.values === undefined) return [forFeatures(`${path}.values`, 'only those listed are accepted now')];
  if (old.unknown === 'pass') return [forFeatures(`${path}.unknown`, 'only those listed are accepted now')];
  const accepted = new Set(now.values);
  const gone = old.values.filter((value) => !accepted.has(value));
  return gone.length === 0 ? [] : [forFeatures(`${path}.values`, `no longer accepted: ${gone.join(', ')}`)];
};
