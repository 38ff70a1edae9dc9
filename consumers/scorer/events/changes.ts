import { hash } from 'node:crypto';
import type { Changes, ReadEvent } from '../event-codec.ts';

export interface ChangesOptions {
  /** For so long an event with the same features is left out. */
  readonly ttlMs: number;
  /** Entities of which the features are known at most; about 200 bytes each. */
  readonly maxKeys: number;
}

interface Noted {
  readonly digest: string;
  readonly untilMs: number;
}

/** In place of what is forgotten: no event is like it. */
const forgotten: Noted = { digest: '', untilMs: 0 };

/**
 * Features as a short text that differs when they do. The order of the fields counts, too: a producer that changes it
 * has its events scored once more.
 */
const digestOf = ({ features }: ReadEvent): string => hash('sha256', JSON.stringify(features), 'base64url');

/**
 * Knows the features that were scored last of each entity. Events without an entity always count as changed.
 *
 * Two generations in place of a list by last use: when the younger is half of what may be kept it becomes the older, and
 * the older goes at once. So at least the half that was noted last is known, and no Map has entries deleted, after which
 * V8 would keep the old tables (kernel/collections/transient-map.ts).
 */
export const createChanges = ({ ttlMs, maxKeys }: ChangesOptions): Changes => {
  const maxYoung = Math.max(1, Math.floor(maxKeys / 2));
  let young = new Map<string, Noted>();
  let old = new Map<string, Noted>();
  return {
    isUnchanged: (event, nowMs) => {
      const noted = young.get(event.entityId) ?? old.get(event.entityId);
      return noted !== undefined && nowMs < noted.untilMs && noted.digest === digestOf(event);
    },
    note: (event, nowMs) => {
      if (event.entityId === '') return;
      if (young.size >= maxYoung && !young.has(event.entityId)) {
        old = young;
        young = new Map();
      }
      young.set(event.entityId, { digest: digestOf(event), untilMs: nowMs + ttlMs });
    },
    forget: ({ entityId }) => {
      for (const known of [young, old]) if (known.has(entityId)) known.set(entityId, forgotten);
    },
  };
};
