import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';

/** The columns that are asked for by queries; migrations.ts says more. Times are RFC 3339. */
export interface Tables {
  readonly predictions: {
    readonly kept_with: string;
    readonly time: string;
    readonly id: string;
    readonly model: string;
    readonly version: string | null;
    readonly outcome: string;
    readonly code: string;
    readonly entity_id: string | null;
    readonly synthetic: boolean;
    readonly record: Buffer;
  };
  readonly prediction_days: { readonly kept_with: string; readonly day: string; readonly partition: string };
  readonly feedback: {
    readonly id: string;
    readonly prediction_id: string | null;
    readonly time: string;
    readonly received: string;
    readonly state: 'joined' | 'waiting' | 'expired';
    readonly prediction_time: string | null;
    readonly kept_with: string | null;
    readonly message: Buffer;
  };
  readonly watermarks: {
    readonly spool: string;
    readonly topic: string;
    readonly partition: number;
    readonly sequence: string;
  };
}

/** Writes queries; they are run within a transaction of database.ts. */
export const queries = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
