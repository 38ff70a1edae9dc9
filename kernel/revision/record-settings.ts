import { z } from 'zod';

/** What a revision says of the records of a model and of the feedback about them: docs/records.md. */

const kibibyte = 1024;
/** The whole message has to fit into the event log, and there is more in it than the input. */
const mostInputBytes = 768 * kibibyte;
const dayMs = 86_400_000;
const unitsMs: Readonly<Record<string, number>> = { h: dayMs / 24, d: dayMs };

const redaction = z.union([
  z.string().min(1),
  z.strictObject({ feature: z.string().min(1), how: z.enum(['hash', 'drop']).default('hash') }),
]);

type Context = z.core.$RefinementCtx;

const refuse = (context: Context, path: PropertyKey[], message: string): void => {
  context.addIssue({ code: 'custom', path, message });
};

const featureOf = (given: z.infer<typeof redaction>): string =>
  typeof given === 'string' ? given : given.feature;

const noFeatureTwice = (given: readonly z.infer<typeof redaction>[], context: Context): void => {
  for (const [index, each] of given.entries())
    if (given.findIndex((other) => featureOf(other) === featureOf(each)) < index)
      refuse(context, [index], `the feature '${featureOf(each)}' is there already`);
};

/** Keys that say how something is recorded. */
const howKeys = ['sample', 'fsync', 'maxBytes', 'redact'] as const;

const fields = z.strictObject({
  /** Whether a request that cannot be recorded is refused, or answered all the same; off: nothing is recorded. */
  mode: z.enum(['required', 'best-effort', 'off']).optional(),
  /** Share of the requests that are recorded. */
  sample: z.number().min(0).max(1).optional(),
  /** Whether a reply waits until its record would survive a loss of power. */
  fsync: z.boolean().optional(),
  /** A larger input is replaced by its digest and sizes. */
  maxBytes: z.number().int().min(0).max(mostInputBytes).optional(),
  /** Features whose values do not leave the gateway. */
  redact: z.array(redaction).superRefine(noFeatureTwice).optional(),
  /** How long records are kept in the database, in whole days or hours. */
  retention: z
    .string()
    .regex(/^[1-9]\d{0,4}[dh]$/, 'expected days or hours such as 30d or 12h')
    .optional(),
});

/** Keys that do not go together are refused, not passed over: somebody meant something by each of them. */
const contradictions = (given: z.infer<typeof fields>, context: Context): void => {
  if (given.mode === 'off')
    for (const key of howKeys)
      if (given[key] !== undefined)
        refuse(context, [key], `mode: off records nothing; expected no ${key} beside it`);
  if ((given.mode ?? 'required') === 'required' && given.sample === 0)
    refuse(
      context,
      ['sample'],
      'sample: 0 records nothing, which mode: required forbids; expected mode: off',
    );
};

export const recordSettings = fields.superRefine(contradictions);
export type RecordSettings = z.infer<typeof recordSettings>;

/** What a label has to be; class: a string or a whole number; object: outputs by name. */
export const labelKinds = ['any', 'number', 'class', 'boolean', 'object'] as const;
export type LabelKind = (typeof labelKinds)[number];

export const feedbackSettings = z.strictObject({ label: z.enum(labelKinds).default('any') });
export type FeedbackSettings = z.infer<typeof feedbackSettings>;

export interface FeatureRedaction {
  readonly feature: string;
  readonly how: 'hash' | 'drop';
}

/** The settings of a model's records, with what stands where the revision says nothing. */
export interface Recording {
  readonly mode: 'required' | 'best-effort' | 'off';
  readonly sample: number;
  readonly fsync: boolean;
  readonly maxBytes: number;
  readonly redact: readonly FeatureRedaction[];
  readonly retentionMs: number;
}

const msOf = (retention: string): number =>
  Number.parseInt(retention, 10) * (unitsMs[retention.slice(-1)] ?? 0);

export const recordingOf = (settings: RecordSettings = {}): Recording => ({
  mode: settings.mode ?? 'required',
  sample: settings.sample ?? 1,
  fsync: settings.fsync ?? false,
  maxBytes: settings.maxBytes ?? 256 * kibibyte,
  redact: (settings.redact ?? []).map((each) =>
    typeof each === 'string' ? { feature: each, how: 'hash' } : each,
  ),
  retentionMs: msOf(settings.retention ?? '30d'),
});
