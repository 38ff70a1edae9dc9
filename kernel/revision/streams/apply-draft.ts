import { invalidInput } from '../../errors/sluice-error.ts';
import type { Store } from '../../store/store.ts';
import type { Revision } from '../revision.ts';
import { applyRevision, parseDraft } from '../revisions.ts';
import { streamFaults } from './check-streams.ts';
import { readKnownModels } from './known-models.ts';

/**
 * Writes what somebody wrote as the next revision, once its streams were held against each other and the store. An edit
 * of one model is not held up by a stream (applyRevision): what it is about may be urgent.
 * @throws SluiceError INVALID_INPUT with every fault; ALREADY_EXISTS as applyRevision
 */
export const applyDraft = async (
  store: Store,
  draft: unknown,
  by: { readonly who: string; readonly why: string },
): Promise<Revision> => {
  const parsed = parseDraft(draft);
  const faults =
    parsed.streams.length === 0 ? [] : streamFaults(parsed, await readKnownModels(store, parsed));
  if (faults.length > 0) throw invalidInput(faults);
  return applyRevision(store, parsed, by);
};
