import { SluiceError } from '../errors/sluice-error.ts';
import type { Store } from '../store/store.ts';
import { type ModelSettings, type Revision, settingsOf } from './revision.ts';
import { applyRevision, listRevisions, newestRevision } from './revisions.ts';

/** What is to be said of a model from now on; the same object: nothing changes. */
export type EditSettings = (settings: ModelSettings) => ModelSettings;

export interface Edited {
  readonly revision: Revision;
  /** False: the newest revision said so already, and no other one was made. */
  readonly isNew: boolean;
}

/** Each time somebody else was first, and got on: only a crowd of writers needs more. */
const maxAttempts = 100;

const attempt = async (
  store: Store,
  model: string,
  edit: EditSettings,
  by: { readonly who: string; readonly why: string },
): Promise<Edited> => {
  // Listed before it is read: what comes between makes the draft one of an older revision, which is refused.
  const [base = 0] = await listRevisions(store);
  const { revision: newest } = await newestRevision(store);
  const settings = settingsOf(newest, model);
  const edited = edit(settings);
  if (edited === settings) return { revision: newest, isNew: false };
  const draft = { revision: base, models: { ...newest.models, [model]: edited } };
  return { revision: await applyRevision(store, draft, by), isNew: true };
};

/**
 * Makes a new revision that says something else of one model and leaves all else as the newest has it; when
 * somebody else makes one meanwhile, it begins again with that one.
 * @throws what `edit` throws; SluiceError INVALID_INPUT for settings that no revision may have
 */
export const editRevision = async (
  store: Store,
  model: string,
  edit: EditSettings,
  by: { readonly who: string; readonly why: string },
): Promise<Edited> => {
  for (let left = maxAttempts; ; left -= 1) {
    try {
      return await attempt(store, model, edit, by);
    } catch (error) {
      const isTaken = error instanceof SluiceError && error.code === 'ALREADY_EXISTS';
      if (!isTaken || left <= 1) throw error;
    }
  }
};
