import { extname } from 'node:path/posix';

/** What people put where an ONNX file should be, by how it begins. */
const beginnings: readonly (readonly [at: number, bytes: string, what: string])[] = [
  [0, 'version https://git-lfs', 'it is a pointer of Git LFS; run git lfs pull and take the file itself'],
  [0, 'PK\x03\x04', 'it is a ZIP archive, as PyTorch and Keras write; export the model to ONNX'],
  [0, '\x1f\x8b', 'it is compressed by gzip; packages are not compressed'],
  [0, '\x80\x02', 'it is a Python pickle; export the model to ONNX'],
  [0, '\x80\x03', 'it is a Python pickle; export the model to ONNX'],
  [0, '\x80\x04', 'it is a Python pickle; export the model to ONNX'],
  [0, '\x80\x05', 'it is a Python pickle; export the model to ONNX'],
  [0, '\x89HDF', 'it is HDF5, as Keras writes; export the model to ONNX'],
  [4, 'TFL3', 'it is a TensorFlow Lite model; export the model to ONNX'],
  [4, 'ORTM', "it is in ONNX Runtime's own format; keep the ONNX file it was made from"],
  [0, '<', 'it is HTML or XML; was it downloaded?'],
  [0, '{', 'it is JSON; export the model to ONNX'],
];

/** What a file is that is no ONNX model, and what to do; undefined: not known. */
export const foreignKindOf = (bytes: Uint8Array): string | undefined => {
  if (bytes.length === 0) return 'it is empty';
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 32)).toString('latin1');
  return beginnings.find(([at, begin]) => text.startsWith(begin, at))?.[2];
};

/** Models of other libraries, and programs. */
const endings = new Set(
  (
    '.pkl .pickle .joblib .pt .pth .h5 .hdf5 .keras .pb .tflite .plan .engine .ort .mar .pmml .torchscript ' +
    '.so .dll .dylib .exe .jar .whl .zip .gz .tgz .tar .bz2 .xz .zst .7z'
  ).split(' '),
);

/** Whether a file's name says that it is a model of another kind, a program or an archive. */
export const isForeign = (path: string): boolean => endings.has(extname(path).toLowerCase());
