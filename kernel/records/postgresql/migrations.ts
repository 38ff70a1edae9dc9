export interface Migration {
  readonly name: string;
  /** Statements without parameters, run together. */
  readonly sql: string;
}

/**
 * Number 1 is the first. One that was ever released is never changed: a further one follows. Programs of the version
 * before must be able to work on while one is applied, so that columns are added, not renamed.
 */
export const migrations: readonly Migration[] = [
  {
    name: 'predictions, feedback, watermarks',
    sql: `
create table predictions (
  kept_with text not null,
  time timestamptz not null,
  id uuid not null,
  model text not null,
  version text,
  digest text,
  revision bigint not null,
  door text not null,
  environment text not null,
  outcome text not null,
  code text not null,
  entity_id text,
  request_id text,
  arm text,
  synthetic boolean not null,
  trace_id text,
  client text,
  total_ms double precision,
  features jsonb,
  outputs jsonb,
  record bytea not null,
  primary key (time, id, kept_with)
) partition by list (kept_with);
comment on table predictions is 'What was asked and answered; partitioned by the model that it is kept with, and by day';
comment on column predictions.kept_with is 'The model whose retention it follows; empty: no release answered';
comment on column predictions.time is 'The time inside the id';
comment on column predictions.record is 'The whole of it: a sluice.v1.Record of protobuf';
create index predictions_entity on predictions (entity_id, time) where entity_id is not null;
create index predictions_unanswered on predictions (time, id) where outcome <> 'prediction';

create table prediction_days (
  kept_with text not null,
  day date not null,
  partition text not null,
  primary key (kept_with, day)
);
comment on table prediction_days is 'The partitions of predictions';
create index prediction_days_day on prediction_days (day);

create table feedback (
  id text primary key,
  prediction_id uuid,
  entity_id text,
  entity_time timestamptz,
  model text,
  label jsonb,
  reward double precision,
  correction jsonb,
  comment text,
  author text,
  time timestamptz not null,
  received timestamptz not null,
  state text not null check (state in ('joined', 'waiting', 'expired')),
  prediction_time timestamptz,
  kept_with text,
  message bytea not null
);
comment on table feedback is 'What became known later about predictions';
comment on column feedback.prediction_time is 'Of the prediction that it is joined with, as is kept_with';
comment on column feedback.message is 'The whole of it: a sluice.v1.Feedback of protobuf';
create index feedback_prediction on feedback (prediction_id);
create index feedback_joined on feedback (kept_with, prediction_time) where state = 'joined';
create index feedback_waiting on feedback (received) where state = 'waiting';
create index feedback_waiting_prediction on feedback (prediction_id) where state = 'waiting';
create index feedback_waiting_entity on feedback (entity_id) where state = 'waiting' and prediction_id is null;

create table watermarks (
  spool text not null,
  topic text not null,
  partition integer not null,
  sequence bigint not null,
  primary key (spool, topic, partition)
);
comment on table watermarks is 'Up to which sequence the messages of a spool are stored';
`,
  },
];
