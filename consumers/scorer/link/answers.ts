import { isCode } from '@sluice/kernel/errors/codes';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Header, Message } from '@sluice/kernel/event-log/event-log';
import type { Features } from '@sluice/kernel/features/value';
import { type RowReader, rowReader } from '@sluice/kernel/link/rows';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { ExchangeResponse__Output } from '@sluice/protos/gen/sluice/gateway/v1/ExchangeResponse';
import type { RecordHeader__Output } from '@sluice/protos/gen/sluice/gateway/v1/RecordHeader';
import type { Row__Output } from '@sluice/protos/gen/sluice/gateway/v1/Row';
import type { ScoreAnswer__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { ScoreFailure__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScoreFailure';
import type { ReleaseName__Output } from '@sluice/protos/gen/sluice/v1/ReleaseName';
import { type Scored, Unscored } from '../gateway-link.ts';

/** Releases that one stream may name. A gateway that names more has lost count. */
const maxReleases = 65_536;

const headerOf = ({ name, value }: RecordHeader__Output): Header => [name, value];

const nameOf = ({ name, version, digest }: ReleaseName__Output): ReleaseName => ({
  model: name,
  version,
  digest,
});

/** That of the gateway; a code that this version does not know counts as a fault of the gateway. */
const errorOf = ({ code, message, violations, retryAfterMs }: ScoreFailure__Output): SluiceError => {
  const faults = violations.map(({ path, rule, message: why, allowed }) => ({
    path,
    rule,
    message: why,
    ...(allowed.length === 0 ? {} : { allowed }),
  }));
  const told = isCode(code) ? message : `the gateway gave the unknown code ${code}: ${message}`;
  return new SluiceError(isCode(code) ? code : 'INTERNAL', told, {
    violations: faults,
    ...(retryAfterMs > 0 ? { retryAfterMs } : {}),
  });
};

const unreadable = (what: string): SluiceError =>
  new SluiceError('INTERNAL', `the gateway's answer cannot be read: ${what}`);

/** A row that does not fit is the gateway's fault, not the event's. */
const outputsOf = (row: Row__Output, rows: RowReader): Features => {
  try {
    return rows.read(row);
  } catch (thrown) {
    throw unreadable(messageOf(thrown));
  }
};

const outcomeOf = (answer: ScoreAnswer__Output, rows: RowReader): Scored['outcome'] => {
  if (answer.outputs) return { kind: 'prediction', outputs: outputsOf(answer.outputs, rows) };
  if (answer.refusal) return { kind: 'refusal', code: answer.refusal.code, message: answer.refusal.message };
  throw unreadable('it has no outcome');
};

/** Reads the answers of one stream, which refer to what was declared on it before. */
export const answerReader = () => {
  const rows = rowReader();
  const releases = new Map<number, ReleaseName>();
  let common: readonly Header[] = [];
  const recordOf = ({ record }: ScoreAnswer__Output): Message | undefined =>
    record === null
      ? undefined
      : {
          key: record.key,
          value: record.value,
          headers: [...common, ...record.headers.map(headerOf)],
        };
  const releaseOf = (id: number): ReleaseName => {
    const release = releases.get(id);
    if (release === undefined) throw unreadable(`release ${id} was not declared`);
    return release;
  };
  return {
    /** What a frame declares. */
    declare: (frame: ExchangeResponse__Output): void => {
      for (const layout of frame.layouts) rows.declare(layout);
      for (const { id, release } of frame.releases)
        if (release !== null && releases.size < maxReleases) releases.set(id, nameOf(release));
      if (frame.announcement !== null) common = frame.announcement.recordHeaders.map(headerOf);
    },
    /** @throws Unscored that of the gateway; SluiceError INTERNAL for an answer that cannot be read */
    scoredOf: (answer: ScoreAnswer__Output): Scored => {
      if (answer.failure) throw new Unscored(errorOf(answer.failure), recordOf(answer));
      const outcome = outcomeOf(answer, rows);
      return {
        release: releaseOf(answer.release),
        outcome,
        warnings: answer.warnings,
        traceparent: answer.traceparent,
        record: recordOf(answer),
      };
    },
  };
};

export type AnswerReader = ReturnType<typeof answerReader>;
