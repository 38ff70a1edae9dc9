import { write } from 'node:fs';
import { appendFile, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { predictionsTopic, recordPartitions } from '../../records/topics.ts';
import { assembleSpool } from '../assemble-spool.ts';
import { codeOf } from '../disk/reason.ts';
import { createShipper } from '../ship/shipper.ts';
import type { Spool } from '../spool.ts';
import { entry } from './entries.ts';
import { keptLog } from './temporary-spool.ts';
import { VirtualLog } from './virtual-log.ts';

const full = (): NodeJS.ErrnoException => Object.assign(new Error('no space left'), { code: 'ENOSPC' });

/** Copies a folder of which files are removed meanwhile. */
const copyLiving = async (from: string, to: string): Promise<void> => {
  try {
    await cp(from, to, { recursive: true, force: true });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await rm(to, { recursive: true });
    await copyLiving(from, to);
  }
};

interface Session {
  readonly spool: Spool;
  readonly end: () => void;
}

/** A machine whose gateway, disk, log and database a test rules; the files are real. */
export class VirtualMachine {
  readonly log = new VirtualLog();
  /** Numbers of the entries that were acknowledged, and of those that were refused. */
  readonly acknowledged = new Set<number>();
  readonly refused = new Set<number>();
  isDiskFull = false;
  #next = 0;
  #root = '';
  #session: Session | undefined;

  readonly #write = ((...args: Parameters<typeof write>) => {
    const [fd, buffer, from, length, at, done] = args as unknown as [
      number,
      Buffer,
      number,
      number,
      number,
      (error: Error | null, written: number) => void,
    ];
    if (!this.isDiskFull) write(fd, buffer, from, length, at, done);
    else if (length < 20) done(full(), 0);
    else write(fd, buffer, from, length >> 1, at, done);
  }) as unknown as typeof write;

  async start(): Promise<void> {
    this.#root = await mkdtemp(join(tmpdir(), 'sluice-spool-'));
    this.#session = await this.#open();
  }

  get spool(): Spool {
    if (this.#session === undefined) throw new Error('the machine has not started');
    return this.#session.spool;
  }

  async #open(): Promise<Session> {
    const { openLog, end } = this.log.session();
    const common = new Map([[predictionsTopic, []]]);
    const spool = await assembleSpool({
      folder: join(this.#root, 'spool'),
      limits: { maxBytes: 10_000_000, maxAgeMs: 3_600_000, segmentBytes: 2_000 },
      topics: common,
      readWatermarks: this.log.watermarks,
      watermarkPollMs: 2,
      adoptPollMs: 2,
      drainMs: 0,
      log: keptLog().log,
      now: Date.now,
      write: this.#write,
      startShipper: ({ topics, sources, report }) => {
        const bell = new Int32Array(new SharedArrayBuffer(4));
        const shrink = () => undefined;
        const options = { openLog, topics, common, partitions: recordPartitions, shrink, report, bell };
        const shipper = createShipper(options);
        for (const source of sources()) shipper.add(source);
        return shipper;
      },
    });
    return { spool, end };
  }

  /** Some wait for the disk together. */
  async append(count: number, fsync: boolean, spool = this.spool): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, async () => {
        const number = this.#next++;
        try {
          await spool.append(entry(number), fsync);
          this.acknowledged.add(number);
        } catch {
          this.refused.add(number);
        }
      }),
    );
  }

  /** The gateway dies while it writes, and another one is started on what lies on the disk. */
  async crash(torn: Uint8Array): Promise<void> {
    const old = this.#session;
    old?.end();
    const root = await mkdtemp(join(tmpdir(), 'sluice-spool-'));
    const unacknowledged = Array.from({ length: 3 }, () => this.#next++);
    const pending = unacknowledged.map((number) =>
      this.spool.append(entry(number), false).catch(() => undefined),
    );
    await copyLiving(this.#root, root);
    await Promise.all(pending);
    await old?.spool[Symbol.asyncDispose]();
    await rm(this.#root, { recursive: true, force: true });
    this.#root = root;
    for (const id of await readdir(join(root, 'spool'))) {
      const names = (await readdir(join(root, 'spool', id))).filter((name) => name.endsWith('.segment'));
      const last = names.sort().at(-1);
      if (last !== undefined) await appendFile(join(root, 'spool', id, last), torn);
    }
    this.#session = await this.#open();
  }

  /** Another gateway of the machine, which does not come back. */
  async neighbour(count: number): Promise<void> {
    const { spool, end } = await this.#open();
    end();
    await this.append(count, false, spool);
    await spool[Symbol.asyncDispose]();
  }

  /** Which spools are there. */
  folders(): Promise<string[]> {
    return readdir(join(this.#root, 'spool'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.spool[Symbol.asyncDispose]();
    await rm(this.#root, { recursive: true, force: true });
  }
}
