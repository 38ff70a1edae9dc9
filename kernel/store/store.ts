/** A file that is to be stored. */
export interface StoredFile {
  /** Relative to the folder it goes into, with forward slashes. */
  readonly path: string;
  /** Its bytes, from the beginning each time it is called. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** Where releases and revisions live. Paths are relative, with forward slashes. */
export interface Store {
  readonly url: string;
  /** Names of the folders in a folder; empty when there is none. */
  folders(path: string): Promise<string[]>;
  /** Paths of all files below a folder, relative to it. */
  files(path: string): Promise<string[]>;
  /** @throws Error when there is no such file. */
  read(path: string): Promise<Buffer>;
  /** Writes a file that must not exist yet, whole or not at all; false: it exists. */
  create(path: string, bytes: Uint8Array): Promise<boolean>;
  /** Writes a folder that must not exist yet, with all its files or not at all; false: it exists. */
  createFolder(path: string, files: readonly StoredFile[]): Promise<boolean>;
  /** A path of the local file system that holds the folder's files. */
  localFolder(path: string): Promise<string>;
}
