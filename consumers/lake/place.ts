/**
 * Where a lake's files are: paths are relative to it, with forward slashes.
 * Every method rejects when the place is away or full; what was said is then not known to be done, and may be repeated.
 */
export interface LakePlace {
  readonly url: string;
  /** A folder of the local disk in which files are written before they are put; it exists. */
  readonly scratch: string;
  /** All files, in any order. */
  paths(): AsyncIterable<string>;
  /** Puts a file of the scratch folder there, whole or not at all, over what is there; the local file may be gone then. */
  put(path: string, localFile: string): Promise<void>;
  /** It may be gone already. */
  remove(path: string): Promise<void>;
}
