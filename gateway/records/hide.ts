import { createHmac } from 'node:crypto';
import type { Features, FeatureValue } from '@sluice/kernel/features/value';
import type { RecordToWrite } from '@sluice/kernel/records/write-record';
import type { FeatureRedaction } from '@sluice/kernel/revision/record-settings';
import type { Failure } from '@sluice/protos/gen/sluice/v1/Failure';
import type { RecordedOutcome } from '@sluice/protos/gen/sluice/v1/RecordedOutcome';
import type { RecordedTensors } from '@sluice/protos/gen/sluice/v1/RecordedTensors';
import type { Redaction } from '@sluice/protos/gen/sluice/v1/Redaction';
import type { Violation } from '@sluice/protos/gen/sluice/v1/Violation';
import type { CallInput } from '../core/call.ts';
import type { ServedRelease } from '../core/served-release.ts';

/** Stands for a text that says, or may say, what a hidden feature was. */
const hiddenText = 'hidden: record.redact names a feature of this request';

/** Of one value: equal for equal values, and nothing that somebody without the key could find out. */
const hashOf = (key: string, value: FeatureValue): string =>
  `hmac-sha256:${createHmac('sha256', key).update(JSON.stringify(value)).digest('hex')}`;

export interface Hiding {
  readonly redact: readonly FeatureRedaction[];
  /** undefined: what is to be hashed is dropped. */
  readonly key: string | undefined;
  /** undefined: it is not known what the tensors are made of. */
  readonly served: ServedRelease | undefined;
}

/** Features by name, without those that are hidden. */
const hideFeatures = ({ redact, key }: Hiding, features: Features, seen: Map<string, string>): Features => {
  const shown: Record<string, FeatureValue> = { ...features };
  for (const { feature, how } of redact) {
    const value = shown[feature];
    if (value === undefined || !Object.hasOwn(features, feature)) continue;
    const hash = how === 'hash' && key !== undefined ? hashOf(key, value) : undefined;
    if (hash === undefined) delete shown[feature];
    else shown[feature] = hash;
    seen.set(feature, hash === undefined ? 'drop' : 'hash');
  }
  return shown;
};

/** Hidden features that are in a tensor: the manifest builds it of them, or it has their name. */
const inTensor = ({ redact, served }: Hiding, tensor: string): FeatureRedaction[] =>
  redact.filter(
    ({ feature }) =>
      served === undefined ||
      feature === tensor ||
      served.features.some((each) => each.name === feature && each.tensor === tensor),
  );

const hideTensors = (
  hiding: Hiding,
  { tensors = [], ...rest }: RecordedTensors,
  seen: Map<string, string>,
): RecordedTensors => ({
  ...rest,
  tensors: tensors.filter(({ name = '' }) => {
    const hidden = inTensor(hiding, name);
    for (const { feature } of hidden) seen.set(feature, 'drop');
    return hidden.length === 0;
  }),
});

const hideViolation = (hiding: Hiding, violation: Violation): Violation => {
  const { path = '' } = violation;
  const [part, name = ''] = path.split('.');
  const isKept =
    part === 'inputs'
      ? inTensor(hiding, name).length === 0
      : part === 'features' &&
        name !== '' &&
        !hiding.redact.some(({ feature }) => path.startsWith(`features.${feature}`));
  return isKept || part === 'parameters' || part === 'outputs'
    ? violation
    : { ...violation, message: hiddenText };
};

/** Codes whose messages may quote values of the input. */
const quoting: ReadonlySet<string> = new Set(['INVALID_INPUT', 'RULE_FAILED', 'COMPUTE_FAILED']);

const hideFailure = (hiding: Hiding, failure: Failure): Failure => {
  if (!quoting.has(failure.code ?? '')) return failure;
  const violations = failure.violations?.map((each) => hideViolation(hiding, each)) ?? [];
  const told = violations.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return { ...failure, message: told || hiddenText, violations };
};

const hideOutcome = (
  hiding: Hiding,
  outcome: RecordedOutcome,
  seen: Map<string, string>,
): RecordedOutcome => {
  if (outcome.failure) return { failure: hideFailure(hiding, outcome.failure) };
  // The rule's code says why; its message is made for the caller, of whatever the rule knows.
  if (outcome.refusal) return { refusal: { ...outcome.refusal, message: hiddenText } };
  return outcome.tensors ? { tensors: hideTensors(hiding, outcome.tensors, seen) } : outcome;
};

/**
 * A record without the values of hidden features: in its input, in tensors that hold them, and in texts that may quote
 * them. One in which there was none of them stays as it is.
 */
export const hideIn = (record: RecordToWrite, input: CallInput, hiding: Hiding): RecordToWrite => {
  const seen = new Map<string, string>();
  const shown =
    input.kind === 'features'
      ? { named: hideFeatures(hiding, input.features, seen) }
      : { tensors: hideTensors(hiding, record.input?.tensors ?? {}, seen) };
  const outcome = hideOutcome(hiding, record.outcome ?? {}, seen);
  if (seen.size === 0) return record;
  const redactions: Redaction[] = [...seen].map(([feature, how]) => ({ feature, how }));
  return {
    ...record,
    input: shown,
    outcome,
    redactions,
    notReplayable: `hidden features: ${[...seen.keys()].join(', ')}`,
  };
};
