import { z } from 'zod';
import { parseVersion } from '../release/version.ts';

/** A revision: everything that may change while releases may not. Later issues add keys here. */

const version = z.string().refine((text) => parseVersion(text) !== undefined, 'expected an exact version');

const modelSettings = z.strictObject({
  /** Answers when no version is asked for. */
  default: version.optional(),
  /** Versions that are refused, with the reason that callers are told. */
  blocked: z.array(z.strictObject({ version, reason: z.string().min(1) })).default([]),
  /** Values that manifests refer to, such as proba_cutoff. */
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
});
export type ModelSettings = z.infer<typeof modelSettings>;

export const revisionContent = z.strictObject({
  models: z.record(z.string(), modelSettings).default({}),
});

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
};
