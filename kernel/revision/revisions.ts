import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { linesOf, violationsOf } from '../config/zod-faults.ts';
import { messageOf } from '../errors/message-of.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import type { Store } from '../store/store.ts';
import { isStoreUnavailable } from '../store/unavailable.ts';
import { emptyRevision, type Revision, revisionDraft, revisionFile } from './revision.ts';

const folder = '_revisions';
/** The file of a revision in the store. */
export const revisionPath = (number: number): string => `${folder}/${String(number).padStart(6, '0')}.yaml`;

/** Numbers of the revisions in the store, newest first. */
export const listRevisions = async (store: Store): Promise<number[]> => {
  const names = await store.files(folder);
  const numbers = names
    .map((name) => /^(\d{6,})\.yaml$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined);
  return numbers.map(Number).sort((a, b) => b - a);
};

/**
 * Reads one revision; 0 is the built-in empty one.
 * @throws Error whose message names the file and every fault.
 */
export const readRevision = async (store: Store, number: number): Promise<Revision> =>
  number === 0
    ? emptyRevision
    : parseRevision((await store.read(revisionPath(number))).toString('utf8'), number);

/** @throws Error whose message names the file and every fault. */
export const parseRevision = (text: string, number: number): Revision => {
  const path = revisionPath(number);
  const parsed = revisionFile.safeParse(readYaml(text, path));
  if (!parsed.success) throw new Error(`${path}: ${linesOf(parsed.error)}`);
  if (parsed.data.revision !== number)
    throw new Error(`${path}: revision: expected ${number}, got ${parsed.data.revision}`);
  return parsed.data;
};

const readYaml = (text: string, path: string): unknown => {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`${path} is not YAML: ${messageOf(error)}`);
  }
};

export interface Newest {
  readonly revision: Revision;
  /** Why newer files were passed over. */
  readonly faults: readonly string[];
}

/**
 * The newest revision that can be read; with none in the store the empty one.
 * @throws SluiceError STORE_UNAVAILABLE, which says nothing against the newest one.
 */
export const newestRevision = async (store: Store): Promise<Newest> =>
  newestAmong(store, await listRevisions(store));

/** The same of some, given by their numbers, newest first. */
export const newestAmong = async (store: Store, numbers: readonly number[]): Promise<Newest> => {
  const faults: string[] = [];
  for (const number of numbers) {
    try {
      return { revision: await readRevision(store, number), faults };
    } catch (error) {
      if (isStoreUnavailable(error)) throw error;
      faults.push(messageOf(error));
    }
  }
  return { revision: emptyRevision, faults };
};

/** @throws SluiceError INVALID_INPUT with every fault */
export const parseDraft = (draft: unknown): z.infer<typeof revisionDraft> => {
  const parsed = revisionDraft.safeParse(draft);
  if (parsed.success) return parsed.data;
  throw new SluiceError('INVALID_INPUT', linesOf(parsed.error), { violations: violationsOf(parsed.error) });
};

/**
 * Writes a draft as the next revision.
 * @throws SluiceError INVALID_INPUT with every fault; ALREADY_EXISTS when the draft was made from
 *   an older revision, or somebody else wrote the same number first.
 */
export const applyRevision = async (
  store: Store,
  draft: unknown,
  { who, why }: { readonly who: string; readonly why: string },
): Promise<Revision> => {
  const { revision: base, models, streams } = parseDraft(draft);
  const newest = (await listRevisions(store))[0] ?? 0;
  if (base !== undefined && base !== newest) {
    throw new SluiceError(
      'ALREADY_EXISTS',
      `the draft was made from revision ${base}, the newest is ${newest}`,
    );
  }
  const revision: Revision = {
    revision: newest + 1,
    who,
    when: new Date().toISOString(),
    why,
    models,
    streams,
  };
  const created = await store.create(
    revisionPath(revision.revision),
    Buffer.from(stringify(revision), 'utf8'),
  );
  if (!created)
    throw new SluiceError('ALREADY_EXISTS', `somebody else wrote revision ${revision.revision} first`);
  return revision;
};
