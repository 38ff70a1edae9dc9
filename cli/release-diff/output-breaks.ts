import type { Output } from '@sluice/kernel/release/manifest-outputs';
import { type Break, forFeatures } from './break.ts';

type Outputs = Readonly<Record<string, Output>>;

/** Outputs that are gone, or that mean something else. */
export const outputBreaks = (old: Outputs, now: Outputs, parent = 'outputs'): Break[] =>
  Object.entries(old).flatMap(([name, output]) => {
    const other = now[name];
    const path = `${parent}.${name}`;
    return other === undefined
      ? [forFeatures(path, 'is gone, or has another name')]
      : changedOutput(path, output, other);
  });

const kindOf = (output: Output): string => {
  if ('fields' in output) return 'object';
  if ('lower' in output) return 'interval';
  if ('top' in output) return 'list';
  return 'labels' in output ? 'label' : 'number';
};

const unitOf = (output: Output): string | undefined => ('unit' in output ? output.unit : undefined);
const labelsOf = (output: Output): readonly string[] => ('labels' in output ? output.labels : []);

const changedOutput = (path: string, old: Output, now: Output): Break[] => {
  if (kindOf(old) !== kindOf(now)) return [forFeatures(path, `was: ${kindOf(old)}, is: ${kindOf(now)}`)];
  if ('fields' in old && 'fields' in now) return outputBreaks(old.fields, now.fields, `${path}.fields`);
  const breaks: Break[] = [];
  if (unitOf(old) !== unitOf(now))
    breaks.push(forFeatures(`${path}.unit`, 'the same number means something else'));
  if (labelsOf(old).join('\n') !== labelsOf(now).join('\n'))
    breaks.push(forFeatures(`${path}.labels`, 'callers may wait for one that no longer comes'));
  return breaks;
};
