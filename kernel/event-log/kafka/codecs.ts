import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { decompressFrame } from 'lz4-napi';
import { uncompress as uncompressSnappy } from 'snappy';

/**
 * Java clients write snappy in the frames of xerial/snappy-java: this magic, two versions of 4 bytes each, then blocks
 * with their length (4 bytes, big-endian) before them. Others write it raw.
 */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeadBytes = 16;

const unsnap = async (bytes: Buffer): Promise<Buffer> =>
  (await uncompressSnappy(bytes, { asBuffer: true })) as Buffer;

const unsnapFrames = async (bytes: Buffer): Promise<Buffer> => {
  const blocks: Buffer[] = [];
  for (let at = xerialHeadBytes; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    blocks.push(await unsnap(bytes.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(blocks);
};

const isXerial = (bytes: Buffer): boolean => bytes.subarray(0, xerialMagic.length).equals(xerialMagic);

// Not all that it exports has a name that Node finds in a CommonJS module.
const { CompressionCodecs, CompressionTypes } = kafkajs;

const unzstd = promisify(zstdDecompress);

const codecs = {
  [CompressionTypes.Snappy]: {
    decompress: (bytes: Buffer) => (isXerial(bytes) ? unsnapFrames(bytes) : unsnap(bytes)),
  },
  [CompressionTypes.LZ4]: {
    decompress: (bytes: Buffer) => decompressFrame(bytes),
  },
  [CompressionTypes.ZSTD]: {
    decompress: (bytes: Buffer) => unzstd(bytes),
  },
};

/**
 * kafkajs has only gzip built in; a consumer that meets another codec would end, and other producers choose for
 * themselves (https://kafka.js.org/docs/producing#compression).
 */
export const registerCodecs = (): void => {
  Object.assign(
    CompressionCodecs,
    Object.fromEntries(Object.entries(codecs).map(([type, codec]) => [type, () => codec])),
  );
};
