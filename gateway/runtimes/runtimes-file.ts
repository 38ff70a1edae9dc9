import { readFile } from 'node:fs/promises';
import { messageOf } from '@sluice/kernel/errors/message-of';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { Parsed } from '@sluice/kernel/tensor/bytes-elements';
import { parseRuntimes } from './parse-runtimes.ts';

export interface RuntimesFileOptions {
  readonly path: string;
  readonly pollMs: number;
  readonly log: Log;
  /** Told the addresses whenever others are in the file. */
  readonly onAddresses: (addresses: readonly string[]) => void;
}

/** A file of runtimes' addresses, read again by polling. While it is broken the last good list holds. */
export class RuntimesFile implements AsyncDisposable {
  readonly #options: RuntimesFileOptions;
  #addresses = '';
  #reportedFault = '';
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(options: RuntimesFileOptions) {
    this.#options = options;
  }

  /** Reads the file once, then again and again. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), this.#options.pollMs);
  }

  /** Reads the file; never fails. */
  refresh(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { path, log, onAddresses } = this.#options;
    const read = await this.#read();
    if ('error' in read) {
      if (read.error !== this.#reportedFault)
        log.error({ file: path, reason: read.error }, `the file of runtimes is not used: ${read.error}`);
      this.#reportedFault = read.error;
      return;
    }
    this.#reportedFault = '';
    const text = read.value.join(', ');
    if (text === this.#addresses) return;
    this.#addresses = text;
    log.info({ file: path, runtimes: read.value }, `the runtimes are ${text}`);
    onAddresses(read.value);
  }

  async #read(): Promise<Parsed<string[]>> {
    try {
      return parseRuntimes(await readFile(this.#options.path, 'utf8'));
    } catch (error) {
      return { error: messageOf(error) };
    }
  }
}
