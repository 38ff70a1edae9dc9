import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { rowWriter } from '@sluice/kernel/link/rows';
import type { Release } from '@sluice/kernel/release/release';
import type { SpoolEntry } from '@sluice/kernel/spool/spool';
import type { ReturnedRecord } from '@sluice/protos/gen/sluice/gateway/v1/ReturnedRecord';
import type { ScoreAnswer } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { Answer } from '../core/call.ts';
import { encodeTimings, encodeViolations } from '../predict/encode-answer.ts';
import type { Item } from './frames.ts';

/** What an answer has besides its outcome. */
export interface Beside {
  readonly traceparent: string;
  /** undefined: none is returned. */
  readonly record: SpoolEntry | undefined;
}

/** As the spool would have shipped it, but for what is known of a spool only. */
const returned = ({
  id,
  key,
  value,
  headers,
  traceparent = '',
  timestampMs,
}: SpoolEntry): ReturnedRecord => ({
  key: Buffer.from(key),
  value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
  headers: [
    { name: 'ce_id', value: Buffer.from(id) },
    { name: 'ce_time', value: Buffer.from(new Date(timestampMs).toISOString()) },
    ...headers.map(([name, text]) => ({ name, value: text })),
    ...(traceparent === '' ? [] : [{ name: 'traceparent', value: Buffer.from(traceparent) }]),
  ],
});

const besideOf = ({ traceparent, record }: Beside) => ({
  traceparent,
  record: record === undefined ? null : returned(record),
});

/** Gives each release the number under which a link knows it. */
const releaseNumbers = (write: (item: Item) => void): ((release: Release) => number) => {
  const byName = new Map<string, number>();
  const known = new WeakMap<Release, number>();
  const declare = ({ model, version, digest }: Release): number => {
    const name = `${model}/${version}/${digest}`;
    const found = byName.get(name);
    if (found !== undefined) return found;
    const id = byName.size + 1;
    byName.set(name, id);
    write({ release: { id, release: { name: model, version, digest } } });
    return id;
  };
  return (release) => {
    const found = known.get(release) ?? declare(release);
    known.set(release, found);
    return found;
  };
};

/** Makes the answers of one link. What they refer to is written before they are returned. */
export const answerWriter = (write: (item: Item) => void) => {
  const writeRow = rowWriter((layout) => write({ layout }));
  const numberOf = releaseNumbers(write);
  const outcomeOf = ({ outcome }: Answer): Pick<ScoreAnswer, 'outputs' | 'refusal'> =>
    outcome.kind === 'refusal'
      ? { refusal: { code: outcome.code, message: outcome.message } }
      : { outputs: writeRow(outcome.named ?? {}) };
  return {
    answered: (id: number, answer: Answer, beside: Beside): ScoreAnswer => ({
      id,
      ...outcomeOf(answer),
      release: numberOf(answer.release),
      timings: encodeTimings(answer),
      warnings: answer.warnings as string[],
      ...besideOf(beside),
    }),
    failed: (id: number, error: SluiceError, beside: Beside): ScoreAnswer => {
      const { code, message, violations, retryAfterMs = 0 } = error;
      return {
        id,
        failure: { code, message, violations: encodeViolations(violations), retryAfterMs },
        ...besideOf(beside),
      };
    },
  };
};
