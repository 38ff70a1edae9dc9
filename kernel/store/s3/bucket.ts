/** An object as a listing shows it. */
export interface StoredObject {
  /** Without the prefix of the store. */
  readonly key: string;
  readonly size: number;
  /** Another one whenever the object was written anew. */
  readonly etag: string;
}

/** Where a listing begins, and with how many. */
export interface ListOptions {
  /** Only keys that come after this one. */
  readonly after?: string;
  /** Objects of the first page; else as many as the server gives at once, a thousand. */
  readonly firstPage?: number;
}

/**
 * The part of a bucket below a store's prefix; keys are without that.
 * Every method throws SluiceError STORE_UNAVAILABLE when it cannot be asked, with the reason.
 */
export interface Bucket {
  /** `s3://bucket/prefix` */
  readonly url: string;
  /** Pages of the objects whose key begins so, by key; each page is a request. */
  list(start: string, options?: ListOptions): AsyncIterable<StoredObject[]>;
  /** The bytes of an object; undefined: there is none. @param etag fails if it has another one. */
  get(key: string, etag?: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Its size; undefined: there is none. */
  sizeOf(key: string): Promise<number | undefined>;
  /** Writes an object, over what is there, too. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Writes an object that must not exist yet; false: it exists. */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Writes one object from its parts, each of at least 5 MiB but the last. */
  putParts(key: string, parts: AsyncIterable<Uint8Array>): Promise<void>;
  /** It may be gone already. */
  remove(key: string): Promise<void>;
}
