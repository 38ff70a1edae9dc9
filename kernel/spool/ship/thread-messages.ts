import type { EventLogSettings } from '../../config/event-log.ts';
import type { NewTopic } from '../../event-log/event-log.ts';
import type { SegmentEnd } from '../disk/spool-folder.ts';
import type { Report, Source } from './source.ts';

/** What the thread is started with: plain data. */
export interface ThreadData {
  readonly eventLog: EventLogSettings;
  readonly topics: readonly NewTopic[];
  /** By topic; Buffers arrive as Uint8Arrays. */
  readonly common: ReadonlyMap<string, readonly (readonly [name: string, value: Uint8Array])[]>;
  readonly partitions: number;
  /** URL of a module that exports `shrink`. */
  readonly shrinkModule: string | undefined;
  readonly bell: Int32Array<SharedArrayBuffer>;
}

export type Order =
  | { readonly kind: 'add'; readonly source: Source }
  | { readonly kind: 'extend'; readonly id: string; readonly segment: SegmentEnd }
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'wake' }
  | { readonly kind: 'close'; readonly drainMs: number };

export type Answer = Report | { readonly kind: 'removed'; readonly id: string };
