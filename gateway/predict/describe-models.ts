import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { outputSchema } from '@sluice/kernel/features/output-schema';
import { toStruct } from '@sluice/kernel/features/struct';
import type { Provenance } from '@sluice/kernel/release/manifest';
import { derivedOf, type Feature } from '@sluice/kernel/release/manifest-features';
import { sameVersion } from '@sluice/kernel/release/version';
import { blockedReason, deprecatedReason } from '@sluice/kernel/revision/passed-over';
import type { ModelSettings } from '@sluice/kernel/revision/revision';
import type { TensorSpec } from '@sluice/kernel/tensor/tensor';
import type { Feature as WireFeature } from '@sluice/protos/gen/sluice/v1/Feature';
import type { GetSignatureResponse } from '@sluice/protos/gen/sluice/v1/GetSignatureResponse';
import type { Model } from '@sluice/protos/gen/sluice/v1/Model';
import type { Provenance as WireProvenance } from '@sluice/protos/gen/sluice/v1/Provenance';
import type { Release as WireRelease } from '@sluice/protos/gen/sluice/v1/Release';
import type { Tensor } from '@sluice/protos/gen/sluice/v1/Tensor';
import { chooseRelease } from '../core/choose-release.ts';
import { stateOf } from '../core/release-state.ts';
import { type ReleaseView, viewNow } from '../core/release-view.ts';
import type { IndexedRelease, ServedRelease } from '../core/served-release.ts';
import type { BackendOptions } from './backend.ts';

/** What ModelService answers from. */
export type ModelsOptions = Pick<BackendOptions, 'resolver' | 'servers'>;

const stateMessage = (options: ModelsOptions, indexed: IndexedRelease) => {
  if ('fault' in indexed) return { state: 'RELEASE_STATE_UNAVAILABLE', reason: indexed.fault } as const;
  const { release } = indexed.served;
  const { state, reason } = stateOf(options.servers.of(release), release);
  return { state: `RELEASE_STATE_${state}`, reason } as const;
};

const describeProvenance = (given: Provenance | undefined): WireProvenance | null => {
  if (given === undefined) return null;
  const { source = '', commit = '', dataset = '', trainedAt = '', by = '' } = given;
  return { source, commit, dataset, trainedAt, by };
};

/** What is said of a release apart from what its files say. */
interface Standing {
  readonly settings: ModelSettings;
  readonly isDefault: boolean;
}

/** The release that answers when no version is asked for; undefined: none does. */
const defaultOf = (view: ReleaseView): IndexedRelease | undefined => {
  try {
    return chooseRelease(view, { kind: 'default' });
  } catch {
    return undefined;
  }
};

const aliasesOf = ({ aliases }: ModelSettings): { name: string; version: string }[] =>
  Object.entries(aliases).map(([name, version]) => ({ name, version }));

const describeRelease = (
  options: ModelsOptions,
  model: string,
  indexed: IndexedRelease,
  { settings, isDefault }: Standing,
): WireRelease => {
  const { version } = indexed;
  const read = 'served' in indexed ? indexed.served.release : undefined;
  const own = aliasesOf(settings).filter((alias) => sameVersion(alias.version, version));
  return {
    release: { name: model, version, digest: read?.digest ?? '' },
    description: read?.manifest?.description ?? '',
    ...stateMessage(options, indexed),
    isDefault,
    blockedReason: blockedReason(settings, version) ?? '',
    deprecatedReason: deprecatedReason(settings, version) ?? '',
    aliases: own.map(({ name }) => name),
    provenance: describeProvenance(read?.manifest?.provenance),
    published: read?.published ?? null,
  };
};

const viewOf = (options: ModelsOptions, model: string): ReleaseView => {
  const { index, revision } = options.resolver();
  return viewNow(index, revision, model);
};

export const describeModel = (options: ModelsOptions, name: string): Model => {
  const view = viewOf(options, name);
  const { settings, releases } = view;
  const byDefault = defaultOf(view);
  return {
    name,
    releases: releases.map((indexed) =>
      describeRelease(options, name, indexed, { settings, isDefault: indexed === byDefault }),
    ),
    aliases: aliasesOf(settings),
  };
};

export const listModels = (options: ModelsOptions): Model[] =>
  [...options.resolver().index.keys()].map((name) => describeModel(options, name));

/** One release, blocked and broken ones too. */
export const getRelease = async (
  options: ModelsOptions,
  model: string,
  selector: string,
): Promise<WireRelease> => {
  const indexed = await options.resolver().find(model, selector);
  const view = viewOf(options, model);
  const isDefault = defaultOf(view) === indexed;
  return describeRelease(options, model, indexed, { settings: view.settings, isDefault });
};

const describeTensor = ({ name, datatype, shape }: TensorSpec): Tensor => ({
  name,
  datatype,
  shape: [...shape],
});

const describeFeature = (feature: Feature): WireFeature => {
  const { name, type, required, unit = '', description = '' } = feature;
  const fallback = feature.type === 'tensor' ? undefined : feature.default;
  const values = feature.type === 'category' ? (feature.values ?? []) : [];
  const defaultValue =
    fallback === undefined ? null : (toStruct({ value: fallback }).fields?.['value'] ?? null);
  return { name, type, required, unit, description, values, defaultValue };
};

/** As nameOutputs names them. */
const outputNamesOf = ({ manifest, signature }: ServedRelease['release']): string[] => {
  const declared = Object.keys(manifest?.outputs ?? {});
  return declared.length > 0 ? declared : signature.outputs.map(({ name }) => name);
};

const describeSignature = ({ release, features, schema }: ServedRelease): GetSignatureResponse => ({
  release: { name: release.model, version: release.version, digest: release.digest },
  signature: {
    inputs: release.signature.inputs.map(describeTensor),
    outputs: release.signature.outputs.map(describeTensor),
    features: features.filter((feature) => derivedOf(feature) === undefined).map(describeFeature),
    outputNames: outputNamesOf(release),
    maxBatchSize: release.signature.maxBatchSize,
    inputSchema: schema.text,
    outputSchema: JSON.stringify(outputSchema(release)),
  },
});

/** @throws SluiceError RELEASE_UNAVAILABLE when the store holds it broken. */
export const getSignature = async (
  options: ModelsOptions,
  model: string,
  selector: string,
): Promise<GetSignatureResponse> => {
  const indexed = await options.resolver().find(model, selector);
  if ('served' in indexed) return describeSignature(indexed.served);
  throw new SluiceError(
    'RELEASE_UNAVAILABLE',
    `${model} ${indexed.version} is not available: ${indexed.fault}`,
  );
};
