/** How large a package may be. */
export interface PackageLimits {
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  /** Of all files together. */
  readonly maxTotalBytes: number;
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** For a publication, where the gateway's configuration says nothing else. */
export const defaultPackageLimits: PackageLimits = {
  maxFiles: 1000,
  maxFileBytes: 8 * gibibyte,
  maxTotalBytes: 16 * gibibyte,
};

/** Of the text of a manifest. */
export const manifestLimits = {
  /** A category of ten thousand values fits. */
  maxBytes: 256 * 1024,
  /** Words and signs; each costs about ten microseconds. */
  maxTokens: 100_000,
  maxDepth: 32,
  maxAliases: 100,
} as const;

/** Of the messages of an ONNX file. */
export const onnxLimits = {
  /** As the C++ library reads that ONNX Runtime is built with. */
  maxDepth: 100,
  /** Nodes, attributes, tensors, names: each becomes an object of some hundred bytes. */
  maxMessages: 500_000,
  /** Of a sparse weight, which is made dense when it is loaded, however few bytes it has in the file. */
  maxDenseElements: 2 ** 28,
} as const;

/** Of the names of files. */
export const nameLimits = {
  /** As most file systems allow (NAME_MAX). */
  maxPartBytes: 255,
  /** Object stores take 1024, and the names of model and version come before. */
  maxPathBytes: 900,
  maxParts: 16,
} as const;

/**
 * Files that are read into memory, and how many bytes of each: for publications and loads alike. No
 * protobuf message, and so no ONNX file, has 2 GiB (protobuf.dev/programming-guides/proto-limits).
 */
export const maxBytesInMemory: ReadonlyMap<string, number> = new Map([
  ['model.onnx', 2 * gibibyte - 1],
  ['sluice.yaml', manifestLimits.maxBytes],
  ['config.pbtxt', mebibyte],
  ['schema.json', mebibyte],
  ['golden.jsonl', 64 * mebibyte],
  ['.published.json', mebibyte / 16],
]);
