/** A file that is to be stored. */
export interface StoredFile {
  /** Relative to the folder it goes into, with forward slashes. */
  readonly path: string;
  /** Its bytes, from the beginning each time it is called. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/**
 * Where releases and revisions live. Paths are relative, with forward slashes; one that leads out of the
 * store is refused. Every method throws SluiceError STORE_UNAVAILABLE when the store cannot be asked.
 */
export interface Store {
  readonly url: string;
  /** Names of the folders in a folder; empty when there is none. */
  folders(path: string): Promise<string[]>;
  /** Paths of all files below a folder, relative to it. */
  files(path: string): Promise<string[]>;
  /** @throws Error when there is no such file. */
  read(path: string): Promise<Buffer>;
  /** The same in pieces, for files that memory need not hold. */
  open(path: string): AsyncIterable<Uint8Array>;
  /** Another text whenever a file below a folder was added, changed or removed. */
  tag(path: string): Promise<string>;
  /** Writes a file that must not exist yet, whole or not at all; false: it exists. */
  create(path: string, bytes: Uint8Array): Promise<boolean>;
  /** Writes a folder that must not exist yet, with all its files or not at all; false: it exists. */
  createFolder(path: string, files: readonly StoredFile[]): Promise<boolean>;
  /** A path of the local file system that holds the folder's files; they are not to be written to. */
  localFolder(path: string): Promise<string>;
  /**
   * The same store for one look around: what it lists is that of about this moment, so that many
   * questions cost a bucket one listing of everything, however many folders it has.
   */
  look(): Promise<Store>;
}
