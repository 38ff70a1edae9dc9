import type { GivenSchema } from '../schema/find-schema.ts';
import type { TensorSignature } from '../tensor/signature.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import type { Manifest } from './manifest.ts';
import type { Publication } from './publication.ts';

/** What identifies a release. */
export interface ReleaseName {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
}

/** One immutable version of a model, as its files say. */
export interface Release extends ReleaseName {
  readonly signature: TensorSignature;
  readonly manifest: Manifest | undefined;
  readonly batching: Batching;
  /** The schema file that narrows what its features may be; undefined: there is none. */
  readonly given?: GivenSchema | undefined;
  /** The other server that computes it; undefined: a runtime does, from model.onnx. */
  readonly upstream?: Upstream | undefined;
  /** undefined: its files were copied into the store. */
  readonly published?: Publication | undefined;
}

export interface Batching {
  /** Rows that are gathered into one batch; a single request may have more. */
  readonly maxSize: number;
  /** Rising, at most `maxSize`: sizes that are worth a batch of their own; empty: no size is better than another. */
  readonly preferredSizes: readonly number[];
  /** Longest wait of a request for others to be computed with. */
  readonly maxDelayMs: number;
}

/** Where a release of kind upstream is computed, as its manifest says. */
export interface Upstream {
  /** As people write it: grpc://host:port. */
  readonly url: string;
  /** host:port */
  readonly address: string;
  readonly model: string;
  /** Empty: the other server's default. */
  readonly version: string;
  /** What the other server is known to serve under that name; never compared with anything, but in the digest. */
  readonly identity: string;
}

/** Rows of one request, where neither manifest nor config.pbtxt says another number. */
export const defaultMaxRows = 1024;
/** Rows gathered into one batch, where the release says nothing. */
export const defaultGatheredRows = 64;

/** The folder of a release in the store. */
export const folderOfRelease = (model: string, version: string): string => `${model}/${version}`;

/** Whether every input and output has an axis of any size in front. */
export const hasBatchAxis = (specs: readonly TensorSpec[]): boolean =>
  specs.every((spec) => spec.shape[0] === -1);
