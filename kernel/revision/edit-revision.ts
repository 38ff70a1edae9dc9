import { SluiceError } from '../errors/sluice-error.ts';
import type { Store } from '../store/store.ts';
import { type ModelSettings, type Revision, type RevisionContent, settingsOf } from './revision.ts';
import { applyRevision, listRevisions, newestRevision } from './revisions.ts';

/** What is to be in force from now on; the same object: nothing changes. */
export type EditContent = (content: RevisionContent) => RevisionContent;

/** The same of one model. */
export type EditSettings = (settings: ModelSettings) => ModelSettings;

export interface EditedBy {
  readonly who: string;
  readonly why: string;
}

export interface Edited {
  readonly revision: Revision;
  /** False: the newest revision said so already, and no other one was made. */
  readonly isNew: boolean;
}

/** Each time somebody else was first, and got on: only a crowd of writers needs more. */
const maxAttempts = 100;

const attempt = async (
  store: Store,
  edit: EditContent,
  by: EditedBy,
  apply: typeof applyRevision,
): Promise<Edited> => {
  // Listed before it is read: what comes between makes the draft one of an older revision, which is refused.
  const [base = 0] = await listRevisions(store);
  const { revision: newest } = await newestRevision(store);
  const { models, streams } = newest;
  const content = { models, streams };
  const edited = edit(content);
  if (edited === content) return { revision: newest, isNew: false };
  return { revision: await apply(store, { ...edited, revision: base }, by), isNew: true };
};

/**
 * Makes a new revision that says something else; when somebody else makes one meanwhile, it begins again with that one.
 * `apply` may check more than the form of what is to be in force.
 * @throws what `edit` throws; SluiceError INVALID_INPUT for what no revision may say
 */
export const editRevision = async (
  store: Store,
  edit: EditContent,
  by: EditedBy,
  apply = applyRevision,
): Promise<Edited> => {
  for (let left = maxAttempts; ; left -= 1) {
    try {
      return await attempt(store, edit, by, apply);
    } catch (error) {
      const isTaken = error instanceof SluiceError && error.code === 'ALREADY_EXISTS';
      if (!isTaken || left <= 1) throw error;
    }
  }
};

/** The same of one model; all else stays as the newest revision has it. */
export const editModel = (store: Store, model: string, edit: EditSettings, by: EditedBy): Promise<Edited> =>
  editRevision(
    store,
    (content) => {
      const settings = settingsOf(content, model);
      const edited = edit(settings);
      if (edited === settings) return content;
      return { ...content, models: { ...content.models, [model]: edited } };
    },
    by,
  );
