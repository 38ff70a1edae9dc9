import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { toStruct } from '@sluice/kernel/features/struct';
import type { Provenance } from '@sluice/kernel/release/manifest';
import type { Feature } from '@sluice/kernel/release/manifest-features';
import { sameVersion } from '@sluice/kernel/release/version';
import type { TensorSpec } from '@sluice/kernel/tensor/tensor';
import type { Feature as WireFeature } from '@sluice/protos/gen/sluice/v1/Feature';
import type { GetSignatureResponse } from '@sluice/protos/gen/sluice/v1/GetSignatureResponse';
import type { Model } from '@sluice/protos/gen/sluice/v1/Model';
import type { Provenance as WireProvenance } from '@sluice/protos/gen/sluice/v1/Provenance';
import type { Release as WireRelease } from '@sluice/protos/gen/sluice/v1/Release';
import type { Tensor } from '@sluice/protos/gen/sluice/v1/Tensor';
import { stateOf } from '../core/release-state.ts';
import { blockedReason, defaultVersion, versionsOf } from '../core/resolve-release.ts';
import type { IndexedRelease, ServedRelease } from '../core/served-release.ts';
import type { BackendOptions } from './backend.ts';

/** What ModelService answers from. */
export type ModelsOptions = Pick<BackendOptions, 'index' | 'revision' | 'servers'>;

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

const describeRelease = (options: ModelsOptions, model: string, indexed: IndexedRelease): WireRelease => {
  const settings = options.revision().models[model];
  const { version } = indexed;
  const read = 'served' in indexed ? indexed.served.release : undefined;
  return {
    release: { name: model, version, digest: read?.digest ?? '' },
    description: read?.manifest?.description ?? '',
    ...stateMessage(options, indexed),
    isDefault: sameVersion(defaultVersion(versionsOf(options.index(), model), settings), version),
    blockedReason: blockedReason(settings, version) ?? '',
    provenance: describeProvenance(read?.manifest?.provenance),
    published: read?.published ?? null,
  };
};

export const describeModel = (options: ModelsOptions, name: string): Model => ({
  name,
  releases: versionsOf(options.index(), name).map((indexed) => describeRelease(options, name, indexed)),
});

export const listModels = (options: ModelsOptions): Model[] =>
  [...options.index().keys()].map((name) => describeModel(options, name));

const findIndexed = (options: ModelsOptions, model: string, version: string): IndexedRelease => {
  const found = versionsOf(options.index(), model);
  const wanted = version === '' ? defaultVersion(found, options.revision().models[model]) : version;
  const indexed = found.find((each) => sameVersion(each.version, wanted));
  if (indexed !== undefined) return indexed;
  const known = found.map((each) => each.version).join(', ');
  throw new SluiceError('RELEASE_NOT_FOUND', `model '${model}' has no version '${wanted}'; it has ${known}`);
};

/** One release, blocked and broken ones too. */
export const getRelease = (options: ModelsOptions, model: string, version: string): WireRelease =>
  describeRelease(options, model, findIndexed(options, model, version));

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
    features: features.map(describeFeature),
    outputNames: outputNamesOf(release),
    maxBatchSize: release.signature.maxBatchSize,
    inputSchema: schema.text,
  },
});

/** @throws SluiceError RELEASE_UNAVAILABLE when the store holds it broken. */
export const getSignature = (
  options: ModelsOptions,
  model: string,
  version: string,
): GetSignatureResponse => {
  const indexed = findIndexed(options, model, version);
  if ('served' in indexed) return describeSignature(indexed.served);
  throw new SluiceError(
    'RELEASE_UNAVAILABLE',
    `${model} ${indexed.version} is not available: ${indexed.fault}`,
  );
};
