import { z } from 'zod';
import { parseVersion } from '../release/version.ts';
import { feedbackSettings, recordSettings } from './record-settings.ts';
import { streamSettings } from './stream-settings.ts';

/** A revision: everything that may change while releases may not. Later issues add keys here. */

const isVersion = (text: string): boolean => parseVersion(text) !== undefined;

/** A bare x is a range, that of all versions. */
export const isAliasName = (text: string): boolean => /^[a-z][a-z0-9_-]{0,63}$/.test(text) && text !== 'x';

const version = z.string().refine(isVersion, 'expected an exact version');
const wrongAlias =
  'an alias is a lower-case letter and then at most 63 of a-z, 0-9, _ and -; x alone is a range';
const aliases = z.record(z.string(), version).superRefine((given, context) => {
  for (const name of Object.keys(given))
    if (!isAliasName(name)) context.addIssue({ code: 'custom', path: [name], message: wrongAlias });
});
const withReason = z.array(z.strictObject({ version, reason: z.string().min(1) })).default([]);

/** What a revision may say of one model. */
export const modelSettings = z
  .strictObject({
    /** Answers when no version is asked for: an exact version, or an alias of the model. */
    default: z.string().optional(),
    /** Movable names of exact versions. */
    aliases: aliases.default({}),
    /** Versions that are refused, with the reason that callers are told. */
    blocked: withReason,
    /** Versions whose answers carry the reason as a warning; no range and no absent default chooses them. */
    deprecated: withReason,
    /** Versions that are loaded before anybody asks, beside those that default and aliases name. */
    preload: z.array(version).default([]),
    /** Values that manifests refer to, such as proba_cutoff. */
    parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
    /** How its requests are recorded. */
    record: recordSettings.optional(),
    /** What may be said of its predictions. */
    feedback: feedbackSettings.optional(),
  })
  .refine(
    ({ default: name, aliases }) => name === undefined || isVersion(name) || Object.hasOwn(aliases, name),
    { path: ['default'], error: 'expected an exact version or an alias of the model' },
  );
export type ModelSettings = z.infer<typeof modelSettings>;

/** Of a model that the revision does not name. */
export const noSettings: ModelSettings = {
  aliases: {},
  blocked: [],
  deprecated: [],
  preload: [],
  parameters: {},
};

export const revisionContent = z.strictObject({
  models: z.record(z.string(), modelSettings).default({}),
  /** Source topics that are scored continuously. */
  streams: z.array(streamSettings).max(1_000).default([]),
});

export type RevisionContent = z.infer<typeof revisionContent>;

export const revisionFile = revisionContent.extend({
  revision: z.number().int().min(1),
  who: z.string().default(''),
  when: z.iso.datetime(),
  why: z.string().default(''),
});

/** What somebody writes; `revision`, if given, is the one that the draft was made from. */
export const revisionDraft = revisionContent.extend({
  revision: z.number().int().min(0).optional(),
  who: z.string().optional(),
  when: z.string().optional(),
  why: z.string().optional(),
});

export type Revision = z.infer<typeof revisionFile>;

/** Serves while the store holds none. */
export const emptyRevision: Revision = {
  revision: 0,
  who: 'sluice',
  when: '1970-01-01T00:00:00.000Z',
  why: 'built in',
  models: {},
  streams: [],
};

/** What a revision says of a model; names that an object inherits are not among them. */
export const settingsOf = ({ models }: Pick<Revision, 'models'>, model: string): ModelSettings =>
  (Object.hasOwn(models, model) ? models[model] : undefined) ?? noSettings;

/** The versions that are to answer as soon as a revision is in force: its default's and its aliases'. */
export const versionsNamed = ({ default: name, aliases }: ModelSettings): string[] => [
  ...(name === undefined || Object.hasOwn(aliases, name) ? [] : [name]),
  ...Object.values(aliases),
];
