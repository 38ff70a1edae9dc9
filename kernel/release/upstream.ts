import type { TensorSignature } from '../tensor/signature.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import type { DeclaredSignature, Manifest } from './manifest.ts';
import { refuseManifest } from './package-error.ts';
import { defaultMaxRows, hasBatchAxis, type Upstream } from './release.ts';

export interface DeclaredUpstream {
  readonly upstream: Upstream;
  readonly signature: TensorSignature;
}

const urlForm = /^grpc:\/\/((?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5}))$/;
const highestPort = 65_535;

/** host:port of a URL. */
const addressOf = (url: string): { readonly value: string } | { readonly error: string } => {
  if (url.startsWith('grpcs:'))
    return { error: 'upstream.url: TLS is not spoken yet; put a proxy that speaks it beside the gateway' };
  const [, address = '', port = ''] = urlForm.exec(url) ?? [];
  const good = address !== '' && Number(port) >= 1 && Number(port) <= highestPort;
  return good ? { value: address } : { error: `upstream.url: expected grpc://host:port, got '${url}'` };
};

/** Files that belong to a graph of the release's own. */
const ofGraph = ['model.onnx', 'config.pbtxt'];

const unfit = (manifest: Manifest, files: readonly string[]): string[] => [
  ...files
    .filter((path) => ofGraph.includes(path))
    .map((path) => `kind: upstream, but there is a ${path}: the other server computes, not it`),
  ...(manifest.batching === undefined ? [] : ['batching: the other server batches, as it is configured']),
];

const axisFaults = ({ inputs, outputs, maxBatchSize = 0 }: DeclaredSignature): string[] => {
  if (maxBatchSize === 0) return [];
  const without = [...inputs, ...outputs].filter(({ shape }) => shape[0] !== -1);
  return without.map(
    ({ name, shape }) =>
      `signature.maxBatchSize is ${maxBatchSize}, but ${name} has no batch axis (-1 in front): [${shape}]`,
  );
};

const tensorFaults = (side: string, specs: readonly TensorSpec[]): string[] =>
  specs.flatMap(({ name, shape }, index) => [
    ...(specs.findIndex((other) => other.name === name) < index
      ? [`signature.${side}: ${name} is there twice`]
      : []),
    ...(shape.includes(0) ? [`signature.${side}.${name}: no dimension is 0, got [${shape}]`] : []),
  ]);

const missing = (field: string, why: string): string =>
  `${field}: a release of kind upstream needs it: ${why}`;

const signatureOf = ({ inputs, outputs, maxBatchSize }: DeclaredSignature): TensorSignature => ({
  inputs,
  outputs,
  maxBatchSize: maxBatchSize ?? (hasBatchAxis([...inputs, ...outputs]) ? defaultMaxRows : 0),
});

/**
 * What the manifest of a release of kind upstream declares.
 * @param files paths of the release's files
 * @throws PackageError naming every fault.
 */
export const declaredUpstream = (manifest: Manifest, files: readonly string[]): DeclaredUpstream => {
  const { upstream, signature } = manifest;
  const faults = unfit(manifest, files);
  const address = upstream === undefined ? undefined : addressOf(upstream.url);
  if (upstream === undefined) faults.push(missing('upstream', 'the server that computes'));
  if (address !== undefined && 'error' in address) faults.push(address.error);
  if (signature === undefined) faults.push(missing('signature', 'there is no graph to read it from'));
  else
    faults.push(
      ...tensorFaults('inputs', signature.inputs),
      ...tensorFaults('outputs', signature.outputs),
      ...axisFaults(signature),
    );
  refuseManifest(faults);
  if (upstream === undefined || signature === undefined || address === undefined)
    throw new Error('a fault was not told');
  const { url, model, version = '', identity } = upstream;
  const declared = { url, address: 'value' in address ? address.value : '', model, version, identity };
  return { upstream: declared, signature: signatureOf(signature) };
};

/** @throws PackageError when a release with a graph declares what only one of kind upstream has. */
export const refuseUpstreamFields = ({ upstream, signature }: Manifest): void => {
  const faults = [
    ...(upstream === undefined ? [] : ['upstream: only a release of kind upstream has it']),
    ...(signature === undefined ? [] : ['signature: it is read from model.onnx; only kind upstream has it']),
  ];
  refuseManifest(faults);
};
