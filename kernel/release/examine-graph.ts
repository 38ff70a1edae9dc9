import { readIfThere } from '../store/read-if-there.ts';
import type { FaultList } from './fault-list.ts';
import type { Manifest } from './manifest.ts';
import { onnxFaults } from './onnx-faults.ts';
import type { OnnxModel } from './onnx-messages.ts';
import { signatureOf } from './onnx-signature.ts';
import type { ExamineOptions, PackageFiles } from './package-files.ts';
import { readOnnxModel } from './read-onnx.ts';
import type { Release } from './release.ts';
import { batchingOf, tensorSignature } from './tensor-signature.ts';
import { parseTritonConfig, type TritonConfig } from './triton-config.ts';
import { refuseUpstreamFields } from './upstream.ts';

export interface GraphPackage extends ExamineOptions {
  readonly files: PackageFiles;
  readonly manifest: Manifest | undefined;
}

const readConfig = (text: string, model: string): TritonConfig => {
  const config = parseTritonConfig(text);
  if (config.name === '' || config.name === model) return config;
  throw new Error(`config.pbtxt: name: expected ${model} as the folder says, got ${config.name}`);
};

/** Triton keeps config.pbtxt beside the versions; a release of ours may hold it itself. */
const tritonConfigOf = async (
  { files, store, model }: GraphPackage,
  list: FaultList,
): Promise<TritonConfig | undefined> => {
  const bytes = files.contents.get('config.pbtxt') ?? (await readIfThere(store, `${model}/config.pbtxt`));
  return bytes && list.attempt('config.pbtxt', () => readConfig(bytes.toString('utf8'), model));
};

/** There is a manifest, but what it says is not known. */
const isUnread = ({ files, manifest }: GraphPackage): boolean =>
  manifest === undefined && files.contents.has('sluice.yaml');

const readGraph = (given: GraphPackage, list: FaultList): OnnxModel | undefined => {
  const bytes = given.files.contents.get('model.onnx');
  if (bytes !== undefined) return list.attempt('model.onnx', () => readOnnxModel(bytes));
  if (!isUnread(given)) list.add([{ file: '', message: 'there is no model.onnx' }]);
  return undefined;
};

/** What the graph and the files around it say, when ONNX Runtime may be given it. */
export const computedByGraph = async (
  given: GraphPackage,
  list: FaultList,
): Promise<Pick<Release, 'signature' | 'batching'> | undefined> => {
  const { files, manifest, limits } = given;
  if (manifest !== undefined) list.attempt('sluice.yaml', () => refuseUpstreamFields(manifest));
  const declared = { manifest, triton: await tritonConfigOf(given, list) };
  const model = readGraph(given, list);
  if (model === undefined) return undefined;
  const sizes = new Map(files.files.map(({ path, size }) => [path, size]));
  const customOperators = isUnread(given) ? undefined : (manifest?.customOperators ?? []);
  list.add(onnxFaults(model, { sizes, customOperators, isNew: limits !== undefined }));
  const graph = list.attempt('model.onnx', () => signatureOf(model));
  return (
    graph &&
    list.attempt('config.pbtxt', () => {
      const signature = tensorSignature(graph, declared);
      return { signature, batching: batchingOf(declared, signature) };
    })
  );
};
