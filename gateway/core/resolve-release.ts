import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { blockedReason, deprecatedReason } from '@sluice/kernel/revision/passed-over';
import type { ModelSettings, Revision } from '@sluice/kernel/revision/revision';
import { parseSelector, type Selector } from '@sluice/kernel/revision/selector';
import { chooseRelease, meant } from './choose-release.ts';
import { type InForce, namesOf, type ReleaseView, viewAsOf, viewNow } from './release-view.ts';
import type { IndexedRelease, ReleaseIndex, ServedRelease } from './served-release.ts';

/** What a model's name and a selector stand for. */
export interface Resolution {
  readonly served: ServedRelease;
  /** The values of the revision that the manifest may refer to; as of another time those of then. */
  readonly parameters: ModelSettings['parameters'];
  /** What is told beside an answer: that the release is deprecated. */
  readonly warnings: readonly string[];
  /** What the revision says of the model, and the revision's number: those in force now. */
  readonly settings: ModelSettings;
  readonly revision: number;
}

/** What the gateway knew of the store at one look: the releases and the revision belong together. */
export interface Resolver {
  readonly index: ReleaseIndex;
  readonly revision: Revision;
  /**
   * The one release that answers; a promise only where an earlier revision must be read first.
   * @throws SluiceError MODEL_NOT_FOUND, RELEASE_NOT_FOUND, RELEASE_BLOCKED, or RELEASE_UNAVAILABLE when the
   *   store holds it broken.
   */
  readonly resolve: (model: string, selector: string) => Resolution | Promise<Resolution>;
  /** The same release, blocked and broken ones too. */
  readonly find: (model: string, selector: string) => IndexedRelease | Promise<IndexedRelease>;
}

export interface ResolverOptions {
  readonly index: ReleaseIndex;
  readonly revision: Revision;
  /** The revision in force at a time, in milliseconds since 1970. */
  readonly inForceAt: (at: number) => InForce | Promise<InForce>;
}

/** Selectors of one model that are remembered; when there are more, all are forgotten. */
const rememberedSelectors = 256;

const then = <A, B>(given: A | Promise<A>, use: (value: A) => B): B | Promise<B> =>
  given instanceof Promise ? given.then(use) : use(given);

const selectorOf = (view: ReleaseView, text: string): Selector => {
  const parsed = parseSelector(text);
  if ('value' in parsed) return parsed.value;
  const { model, settings, releases } = view;
  throw new SluiceError(
    'RELEASE_NOT_FOUND',
    `model '${model}' has no version '${text}', which was asked for: ${parsed.error}; ` +
      `it has ${namesOf(releases)}${meant(text, Object.keys(settings.aliases))}`,
  );
};

/** @throws SluiceError RELEASE_BLOCKED, RELEASE_UNAVAILABLE */
const usable = (now: ReleaseView, view: ReleaseView, indexed: IndexedRelease): Resolution => {
  const { version } = indexed;
  const name = `${view.model} ${version}`;
  const blocked = blockedReason(now.settings, version);
  if (blocked !== undefined) throw new SluiceError('RELEASE_BLOCKED', `${name} is blocked: ${blocked}`);
  const wasBlocked = blockedReason(view.settings, version);
  if (wasBlocked !== undefined)
    throw new SluiceError('RELEASE_BLOCKED', `${name} was blocked${view.when}: ${wasBlocked}`);
  if ('fault' in indexed)
    throw new SluiceError('RELEASE_UNAVAILABLE', `${name} is not available: ${indexed.fault}`);
  const deprecated = deprecatedReason(now.settings, version);
  return {
    served: indexed.served,
    parameters: view.settings.parameters,
    warnings: deprecated === undefined ? [] : [`${name} is deprecated: ${deprecated}`],
    settings: now.settings,
    revision: now.revision.revision,
  };
};

export const createResolver = ({ index, revision, inForceAt }: ResolverOptions): Resolver => {
  const remembered = new Map<string, Map<string, Resolution>>();
  const remember = (model: string, selector: string, resolution: Resolution): Resolution => {
    const known = remembered.get(model) ?? new Map<string, Resolution>();
    if (known.size >= rememberedSelectors) known.clear();
    remembered.set(model, known.set(selector, resolution));
    return resolution;
  };
  const choose = <T>(model: string, text: string, use: (...found: Parameters<typeof usable>) => T) => {
    const now = viewNow(index, revision, model);
    const { wanted, asOf } = selectorOf(now, text);
    if (asOf === undefined) return use(now, now, chooseRelease(now, wanted));
    return then(inForceAt(asOf.at), (inForce) => {
      const view = viewAsOf(now, asOf, inForce);
      return use(now, view, chooseRelease(view, wanted));
    });
  };
  return {
    index,
    revision,
    resolve: (model, selector) =>
      remembered.get(model)?.get(selector) ??
      choose(model, selector, (...found) => remember(model, selector, usable(...found))),
    find: (model, selector) => choose(model, selector, (_now, _view, indexed) => indexed),
  };
};
