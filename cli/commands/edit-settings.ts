import { listModels, listVersions } from '@sluice/kernel/release/list-releases';
import { sameVersion } from '@sluice/kernel/release/version';
import { type EditSettings, editModel } from '@sluice/kernel/revision/edit-revision';
import type { ModelSettings } from '@sluice/kernel/revision/revision';
import { openStore } from '@sluice/kernel/store/open-store';
import type { Store } from '@sluice/kernel/store/store';
import { author } from '../author.ts';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import { type GlobalOptions, outputOf, storeOf } from '../options.ts';
import type { Terminal } from '../terminal.ts';

/** A refusal with its code, and exit code 1. */
export const refuse = (code: string, message: string): CommandFailure =>
  new CommandFailure(message, { code, exitCode: exitCodes.failed });

/**
 * A version as the store calls it. @throws CommandFailure MODEL_NOT_FOUND or RELEASE_NOT_FOUND with what there is
 */
export const versionInStore = async (store: Store, model: string, wanted: string): Promise<string> => {
  const versions = await listVersions(store, model);
  const found = versions.find((version) => sameVersion(version, wanted));
  if (found !== undefined) return found;
  if (versions.length > 0)
    throw refuse(
      'RELEASE_NOT_FOUND',
      `${store.url} has no ${model} ${wanted}; there are ${versions.join(', ')}`,
    );
  const models = (await listModels(store)).join(', ') || 'none';
  throw refuse('MODEL_NOT_FOUND', `${store.url} has no releases of ${model}; there are models: ${models}`);
};

/** @throws CommandFailure RELEASE_BLOCKED: nobody should be sent there by a name. */
export const refuseBlocked = ({ blocked }: ModelSettings, model: string, version: string): void => {
  const found = blocked.find((each) => sameVersion(each.version, version));
  if (found !== undefined) throw refuse('RELEASE_BLOCKED', `${model} ${version} is blocked: ${found.reason}`);
};

export interface Editing {
  readonly model: string;
  readonly why: string;
  /** What is true afterwards, for people: `churn champion is 1.1.0`. */
  readonly done: string;
  readonly edit: EditSettings;
}

/** Makes the next revision of the store's newest one, and says what is in force then. */
export const editSettings = async (
  terminal: Terminal,
  options: GlobalOptions,
  store: Store,
  { model, why, done, edit }: Editing,
): Promise<void> => {
  const { revision, isNew } = await editModel(store, model, edit, { who: author(), why });
  const how = isNew
    ? `revision ${revision.revision}`
    : `nothing to do, revision ${revision.revision} says so`;
  const isJson = outputOf(options, terminal) === 'json';
  terminal.print(isJson ? `${JSON.stringify(revision, null, 2)}\n` : `${done} (${how})\n`);
};

export const storeFor = (options: GlobalOptions, terminal: Terminal): Store =>
  openStore(storeOf(options, terminal));
