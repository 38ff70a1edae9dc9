import { sameVersion } from '../../release/version.ts';
import { nearMiss } from '../../schema/near-miss.ts';
import { passedOver } from '../passed-over.ts';
import type { ModelSettings } from '../revision.ts';
import { parseSelector, type Wanted } from '../selector.ts';

/** Which release a stream means now: of the versions of its model, highest first. */
export type StreamRelease =
  | { readonly version: string }
  | { readonly fault: string }
  /** Only a gateway can say: of a digest, of another time, or of what is blocked now. */
  | { readonly open: true };

const open: StreamRelease = { open: true };

/** Names in a message, at most. */
const shownNames = 10;
const some = (names: readonly string[]): string =>
  names.length <= shownNames ? names.join(', ') : `${names.slice(0, shownNames).join(', ')}, …`;

const meant = (wrong: string, names: readonly string[]): string => {
  const near = nearMiss(wrong, names);
  return near === undefined ? '' : `; did you mean '${near}'?`;
};

const named = (versions: readonly string[], wanted: string, whence = ''): StreamRelease => {
  const version = versions.find((each) => sameVersion(each, wanted));
  if (version !== undefined) return { version };
  return { fault: `there is no version ${wanted}${whence}; it has ${some(versions)}` };
};

const aliased = (versions: readonly string[], { aliases }: ModelSettings, alias: string): StreamRelease => {
  const version = Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
  if (version !== undefined) return named(versions, version, `, for which the alias '${alias}' stands`);
  const names = Object.keys(aliases);
  const known = names.length === 0 ? 'no aliases' : `the aliases ${some(names)}`;
  return {
    fault: `there is no alias '${alias}'; it has ${known}, and the versions ${some(versions)}${meant(alias, names)}`,
  };
};

const highest = (
  versions: readonly string[],
  settings: ModelSettings,
  includes: (version: string) => boolean,
): StreamRelease | undefined => {
  const among = versions.filter(includes);
  if (among.length === 0) return undefined;
  const version = among.find((each) => passedOver(settings, each) === undefined);
  return version === undefined ? open : { version };
};

const byDefault = (versions: readonly string[], settings: ModelSettings): StreamRelease => {
  const { default: name, aliases } = settings;
  if (name === undefined) return highest(versions, settings, () => true) ?? open;
  return Object.hasOwn(aliases, name)
    ? aliased(versions, settings, name)
    : named(versions, name, ', which is the default');
};

const chosen = (versions: readonly string[], settings: ModelSettings, wanted: Wanted): StreamRelease => {
  switch (wanted.kind) {
    case 'default':
      return byDefault(versions, settings);
    case 'exact':
      return named(versions, wanted.version);
    case 'alias':
      return aliased(versions, settings, wanted.alias);
    case 'range': {
      const fault = `there is no version in the range '${wanted.range.text}'; it has ${some(versions)}`;
      return highest(versions, settings, wanted.range.includes) ?? { fault };
    }
    case 'digest':
      return open;
  }
};

export const releaseOfStream = (
  versions: readonly string[],
  settings: ModelSettings,
  selector: string,
): StreamRelease => {
  const parsed = parseSelector(selector);
  if ('error' in parsed) return { fault: parsed.error };
  const { wanted, asOf } = parsed.value;
  return asOf === undefined ? chosen(versions, settings, wanted) : open;
};
