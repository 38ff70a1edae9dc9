import { sameVersion } from '@sluice/kernel/release/version';
import { blockedReason, passedOver } from '@sluice/kernel/revision/passed-over';
import { type ModelSettings, versionsNamed } from '@sluice/kernel/revision/revision';

/** What answers where no version is asked for and the revision names no default. */
const highest = (versions: readonly string[], settings: ModelSettings): string[] =>
  versions.filter((version) => passedOver(settings, version) === undefined).slice(0, 1);

/**
 * Which versions of a model are loaded before somebody asks for them: what the revision's default,
 * aliases and preload name, and what answers where no version is asked for. What is blocked is not.
 * @param versions of the store, highest first.
 */
export const eagerVersions = (versions: readonly string[], settings: ModelSettings): string[] => {
  const answering = settings.default === undefined ? highest(versions, settings) : [];
  const named = [...answering, ...versionsNamed(settings), ...settings.preload];
  return versions.filter(
    (version) =>
      named.some((each) => sameVersion(each, version)) && blockedReason(settings, version) === undefined,
  );
};
