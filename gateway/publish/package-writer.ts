import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { invalidInput, SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { DigestedFile } from '@sluice/kernel/release/digest';

interface OpenFile {
  readonly file: DigestedFile;
  readonly handle: FileHandle;
  readonly hash: Hash;
  missing: number;
}

const mismatch = ({ path, sha256 }: DigestedFile, came: string): SluiceError =>
  invalidInput([
    {
      path: `files.${path}`,
      rule: 'sha256',
      message: `expected the SHA-256 ${sha256}, its bytes have ${came}`,
    },
  ]);

/** Cuts the bytes of a package into its files, in their order, and checks each against its size and SHA-256. */
export class PackageWriter implements AsyncDisposable {
  readonly #folder: string;
  readonly #coming: DigestedFile[];
  #open: OpenFile | undefined;

  constructor(folder: string, files: readonly DigestedFile[]) {
    this.#folder = folder;
    this.#coming = [...files];
  }

  /** @throws SluiceError INVALID_INPUT when they are not the bytes that were announced. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.length > 0; ) {
      const current = await this.#current();
      const part = rest.subarray(0, current.missing);
      await current.handle.writeFile(part);
      current.hash.update(part);
      current.missing -= part.length;
      rest = rest.subarray(part.length);
      await this.#closeWhole();
    }
  }

  /** @throws SluiceError INVALID_INPUT when bytes are missing. */
  async end(): Promise<void> {
    // Empty files that no bytes came for.
    while (this.#coming[0]?.size === 0) await this.#next();
    const [first] = this.#open === undefined ? this.#coming : [this.#open.file];
    if (first === undefined) return;
    const missing = this.#open?.missing ?? first.size;
    throw invalidInput([
      {
        path: `files.${first.path}`,
        rule: 'size',
        message: `the stream ended ${missing} bytes before its end`,
      },
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open?.handle.close();
  }

  async #current(): Promise<OpenFile> {
    while (this.#open === undefined) await this.#next();
    return this.#open;
  }

  /** Begins the next file; one that is empty is over at once. */
  async #next(): Promise<void> {
    const file = this.#coming.shift();
    if (file === undefined) throw new SluiceError('INVALID_INPUT', 'more bytes came than the files have');
    const path = join(this.#folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'wx');
    this.#open = { file, handle, hash: createHash('sha256'), missing: file.size };
    await this.#closeWhole();
  }

  async #closeWhole(): Promise<void> {
    if (this.#open === undefined || this.#open.missing > 0) return;
    const { file, handle, hash } = this.#open;
    this.#open = undefined;
    await handle.close();
    const came = hash.digest('hex');
    if (came !== file.sha256) throw mismatch(file, came);
  }
}
