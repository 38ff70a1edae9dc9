/** Raised when files are written that an older Sluice would read wrongly. */
export const formatVersion = 1;

const magic = 0x504c5553;
const fixedBytes = 20;

/** What a segment begins with: magic, version (4 bytes each), first sequence (8), and the names of its topics. */
export interface SegmentHead {
  readonly version: number;
  readonly first: number;
  /** An entry names its topic by the place in this list. */
  readonly topics: readonly string[];
  /** Where the first block begins. */
  readonly bytes: number;
}

export const encodeSegmentHead = (first: number, topics: readonly string[]): Buffer => {
  const names = Buffer.from(topics.join('\n'));
  const head = Buffer.alloc(fixedBytes + names.length);
  head.writeUInt32LE(magic, 0);
  head.writeUInt32LE(formatVersion, 4);
  head.writeDoubleLE(first, 8);
  head.writeUInt32LE(names.length, 16);
  names.copy(head, fixedBytes);
  return head;
};

/** undefined: the bytes do not begin a segment. Of another version than ours only the version is known. */
export const decodeSegmentHead = (bytes: Buffer): SegmentHead | undefined => {
  if (bytes.length < fixedBytes || bytes.readUInt32LE(0) !== magic) return undefined;
  const version = bytes.readUInt32LE(4);
  if (version !== formatVersion) return { version, first: 0, topics: [], bytes: 0 };
  const end = fixedBytes + bytes.readUInt32LE(16);
  if (end > bytes.length) return undefined;
  const topics = bytes.toString('utf8', fixedBytes, end).split('\n');
  return { version, first: bytes.readDoubleLE(8), topics, bytes: end };
};

/** At most, of a head: what is read of a file to know its version and topics. */
export const maxHeadBytes = 64 * 1024;

/** Names sort as the sequences do: 2^53 has sixteen digits. */
export const segmentName = (first: number): string => `${String(first).padStart(16, '0')}.segment`;

/** The first sequence that a name tells; undefined: the file is no segment. */
export const firstOf = (name: string): number | undefined =>
  /^\d{16}\.segment$/.test(name) ? Number(name.slice(0, 16)) : undefined;
