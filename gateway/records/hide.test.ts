import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invalidInput, SluiceError } from '@sluice/kernel/errors/sluice-error';
import { fromStruct } from '@sluice/kernel/features/struct';
import type { Features } from '@sluice/kernel/features/value';
import type { RecordSettings } from '@sluice/kernel/revision/record-settings';
import type { Answer, TimedCall } from '../core/call.ts';
import { computed, testCall, testRelease } from '../testing/calls.ts';
import { recordsIn, resolution, testWriter } from '../testing/records.ts';
import type { Ended } from './build-record.ts';
import type { RecordWriterOptions } from './record-writer.ts';

const answer: Answer = {
  predictionId: 'p',
  release: testRelease(),
  tensors: computed().outputs,
  outcome: { kind: 'prediction', named: { p: 0.75 } },
  timings: computed().timings,
  warnings: [],
  totalMs: 1,
};

interface Recorded {
  readonly redact: RecordSettings['redact'];
  readonly input?: TimedCall['input'] | Features;
  readonly ended?: Ended;
  readonly writer?: Partial<RecordWriterOptions>;
}

/** The record of a call, as it lies in the spool. */
const recorded = async ({ redact, input = { age: 40 }, ended = { answer }, writer }: Recorded) => {
  const { write, spool } = testWriter(writer);
  const given =
    'kind' in input ? (input as TimedCall['input']) : { kind: 'features' as const, features: input };
  const call = { ...testCall({ input: given }), dueAt: 1, trail: {} };
  await write(call, resolution({ redact }), ended);
  const [record] = recordsIn(spool);
  assert.ok(record);
  return { record, text: JSON.stringify(record), bytes: Buffer.from(spool.entries[0]?.value ?? []) };
};

const tensors: TimedCall['input'] = {
  kind: 'tensors',
  tensors: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: Buffer.from('12345678') }],
  outputs: [],
};

test('a hashed feature is equal for equal values, and tells nothing else', async () => {
  const hashOf = async (age: number, redactionKey = 'k'.repeat(32)) => {
    const { record } = await recorded({
      redact: ['age'],
      input: { age, height: 2 },
      writer: { redactionKey },
    });
    return fromStruct(record.input?.features ?? null);
  };
  const one = await hashOf(40);
  assert.match(String(one['age']), /^hmac-sha256:[0-9a-f]{64}$/);
  assert.equal(one['height'], 2);
  assert.deepEqual(one, await hashOf(40));
  assert.notDeepEqual(one, await hashOf(41));
  assert.notDeepEqual(one, await hashOf(40, 'l'.repeat(32)));
});

test('a dropped feature is gone; the record says which, how, and that it cannot be run again', async () => {
  const { record } = await recorded({
    redact: [{ feature: 'age', how: 'drop' }],
    input: { age: 40, height: 2 },
  });
  assert.deepEqual(fromStruct(record.input?.features ?? null), { height: 2 });
  assert.deepEqual(record.redactions, [{ feature: 'age', how: 'drop' }]);
  assert.equal(record.notReplayable, 'hidden features: age');
});

test('a record in which a hidden feature did not come is as any other', async () => {
  const { record } = await recorded({ redact: ['email'] });
  assert.deepEqual(fromStruct(record.input?.features ?? null), { age: 40 });
  assert.deepEqual(record.redactions, []);
  assert.equal(record.notReplayable, '');
});

test('without a key a feature that is to be hashed is dropped, and the log says so once', async () => {
  const lines: unknown[] = [];
  const log = { warn: (fields: object) => lines.push(fields) } as unknown as RecordWriterOptions['log'];
  const { record } = await recorded({ redact: ['age'], writer: { redactionKey: undefined, log } });
  assert.deepEqual(fromStruct(record.input?.features ?? null), {});
  assert.deepEqual(record.redactions, [{ feature: 'age', how: 'drop' }]);
  assert.deepEqual(lines, [{ model: 'm' }]);
});

test('a tensor that the manifest builds of a hidden feature is dropped', async () => {
  const { record, bytes } = await recorded({ redact: ['height'], input: tensors });
  assert.deepEqual(record.input?.tensors?.tensors, []);
  assert.deepEqual(record.redactions, [{ feature: 'height', how: 'drop' }]);
  assert.ok(!bytes.includes('12345678'));
});

test('a tensor of that name is dropped, of those that came and of those that were answered', async () => {
  const outcome = { kind: 'prediction', named: undefined } as const;
  const input = await recorded({ redact: ['x'], input: tensors });
  assert.deepEqual(input.record.input?.tensors?.tensors, []);
  const output = await recorded({ redact: ['y'], input: tensors, ended: { answer: { ...answer, outcome } } });
  assert.deepEqual(output.record.outcome?.tensors?.tensors, []);
  assert.equal(output.record.input?.tensors?.tensors.length, 1);
});

const secret = 'ada@example.org';

const failed = (error: SluiceError): Ended => ({ error, totalMs: 1 });

test('a violation that quotes a hidden feature keeps its path and rule, others their words', async () => {
  const violations = [
    { path: 'features.email', rule: 'pattern', message: `got '${secret}'` },
    { path: 'features.age', rule: 'type', message: 'expected a number' },
    { path: 'features', rule: 'together', message: `not with '${secret}'` },
  ];
  const { record, text } = await recorded({
    redact: ['email'],
    input: { email: secret, age: '?' },
    ended: failed(invalidInput(violations)),
  });
  assert.ok(!text.includes(secret), text);
  const [email, age] = record.outcome?.failure?.violations ?? [];
  assert.equal(email?.rule, 'pattern');
  assert.equal(age?.message, 'expected a number');
  assert.match(record.outcome?.failure?.message ?? '', /features\.age: expected a number/);
});

const messages: readonly [what: string, ended: Ended][] = [
  ['a rule that failed', failed(new SluiceError('RULE_FAILED', `rule of '${secret}'`))],
  ['a graph that failed', failed(new SluiceError('COMPUTE_FAILED', `bad string '${secret}'`))],
  [
    'a refusal',
    { answer: { ...answer, outcome: { kind: 'refusal', code: 'NO', message: `no '${secret}'` } } },
  ],
];

for (const [what, ended] of messages)
  test(`a message that may quote a hidden feature is not kept: ${what}`, async () => {
    const { text } = await recorded({ redact: ['email'], input: { email: secret }, ended });
    assert.ok(!text.includes(secret), text);
  });

test('where no release was found tensors are not kept, as nobody knows what is in them', async () => {
  const { write, spool } = testWriter({
    revision: () => ({
      revision: 1,
      who: '',
      when: '',
      why: '',
      models: {
        m: {
          aliases: {},
          blocked: [],
          deprecated: [],
          preload: [],
          parameters: {},
          record: { redact: ['email'] },
        },
      },
      streams: [],
    }),
  });
  const error = new SluiceError('RELEASE_NOT_FOUND', 'no');
  await write({ ...testCall({ input: tensors }), dueAt: 1, trail: {} }, undefined, failed(error));
  const [record] = recordsIn(spool);
  assert.deepEqual(record?.input?.tensors?.tensors, []);
  assert.equal(record?.revision, 1);
});
