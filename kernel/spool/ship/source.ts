import type { SegmentEnd } from '../disk/spool-folder.ts';

/** A folder whose entries are to be shipped, as plain data: a thread can be given it. */
export interface Source {
  /** The name under which its entries are shipped, and the database knows them. */
  readonly id: string;
  readonly path: string;
  /** By their sequences. */
  readonly segments: readonly SegmentEnd[];
}

/** What a shipper tells. */
export type Report =
  | { readonly kind: 'shipped'; readonly entries: number }
  /** The log cannot be reached; said once, until it is back. */
  | { readonly kind: 'away'; readonly reason: string }
  | { readonly kind: 'back' }
  | {
      readonly kind: 'set-aside';
      readonly id: string;
      readonly sequence: number;
      readonly topic: string;
      readonly reason: string;
    };

/** Ships the entries of folders to the event log. */
export interface Shipper {
  add(source: Source): void;
  /** A folder has a new segment, which is written from now on. */
  extend(id: string, segment: SegmentEnd): void;
  /** All entries of a folder are stored. */
  remove(id: string): Promise<void>;
  /** More is written; cheap, called for each block. */
  wake(): void;
  /** Ships what there is for as long as it may take, and ends. */
  close(drainMs: number): Promise<void>;
}
