import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from '../../release/manifest.ts';
import { revisionContent } from '../revision.ts';
import { type KnownModels, streamFaults } from './check-streams.ts';

const { features } = parseManifest(`
apiVersion: sluice/v1
model: churn
version: 1.1.0
features:
  - { name: tenure, type: number, tensor: x, column: 0, required: true }
  - { name: charges, type: number, tensor: x, column: 1 }
  - { name: ratio, type: number, tensor: x, column: 2, derived: 'charges / tenure' }
`);
const known: KnownModels = {
  names: ['churn', 'iris'],
  versions: new Map([
    ['churn', ['2.0.0-rc.1', '1.1.0', '1.0.0']],
    ['iris', ['1']],
  ]),
  features: new Map([['churn 1.1.0', features]]),
};
const models = {
  churn: {
    aliases: { champion: '1.1.0', lost: '7.0.0' },
    blocked: [{ version: '1.0.0', reason: 'wrong currency' }],
  },
};
const good = { name: 'events', from: 'activity', to: 'scores', model: 'churn' };

/** `path: message` of each fault. */
const faultsOf = (...streams: readonly object[]): string[] =>
  streamFaults(revisionContent.parse({ models, streams }), known).map(
    ({ path, message }) => `${path}: ${message}`,
  );

const fine: readonly [what: string, ...streams: object[]][] = [
  ['no stream'],
  ['one that says little', good],
  ['an exact version', { ...good, version: '1' }],
  ['an alias', { ...good, version: 'champion' }],
  ['a range', { ...good, version: '1.x' }],
  ['a range of which all is blocked: that is the matter of another day', { ...good, version: '~1.0.0' }],
  ['a digest', { ...good, version: 'sha256:0123456789ab' }],
  ['a time', { ...good, version: 'champion@2020-01-01' }],
  ['a mapping of what is required', { ...good, features: { tenure: '/a/b' } }],
  ['a mapping for a release that names no features', { ...good, model: 'iris', features: { x: 'y' } }],
  ['a filter', { ...good, filter: 'event.amount > 10 && key != "test"' }],
  ['one source of two', good, { ...good, name: 'other', to: 'elsewhere' }],
  ['one sink of two', good, { ...good, name: 'other', from: 'more' }],
  ['one after the other', good, { ...good, name: 'next', from: 'scores', to: 'scores.of.scores' }],
  ['dead letters as a source', { ...good, from: 'sluice.dead-letters.v1', deadLetters: 'dead' }],
  [
    'a replay',
    good,
    { ...good, name: 'again', replayOf: 'events', to: 'elsewhere', until: '2026-11-20T10:00:00Z' },
  ],
];

for (const [what, ...streams] of fine)
  test(`streams are as they should be: ${what}`, () => {
    assert.deepEqual(faultsOf(...streams), []);
  });

const bad: readonly [what: string, streams: readonly object[], ...faults: string[]][] = [
  [
    'a name that is there twice',
    [good, { ...good, from: 'more' }],
    "streams.1.name: there are two streams 'events'",
  ],
  [
    'an unknown model',
    [{ ...good, model: 'chun' }],
    "streams.0.model: the store has no releases of the model 'chun'; did you mean 'churn'?",
  ],
  [
    'a model of nothing like it',
    [{ ...good, model: 'fraud' }],
    "streams.0.model: the store has no releases of the model 'fraud'; it has churn, iris",
  ],
  [
    'a version that the store does not hold',
    [{ ...good, version: '3.0.0' }],
    "streams.0.version: model 'churn': there is no version 3.0.0; it has 2.0.0-rc.1, 1.1.0, 1.0.0",
  ],
  [
    'an unknown alias',
    [{ ...good, version: 'champoin' }],
    "streams.0.version: model 'churn': there is no alias 'champoin'; it has the aliases champion, lost, and the versions 2.0.0-rc.1, 1.1.0, 1.0.0; did you mean 'champion'?",
  ],
  [
    'an alias of what is not there',
    [{ ...good, version: 'lost' }],
    "streams.0.version: model 'churn': there is no version 7.0.0, for which the alias 'lost' stands; it has 2.0.0-rc.1, 1.1.0, 1.0.0",
  ],
  [
    'a range in which there is nothing',
    [{ ...good, version: '>=3' }],
    "streams.0.version: model 'churn': there is no version in the range '>=3'; it has 2.0.0-rc.1, 1.1.0, 1.0.0",
  ],
  [
    'no selector at all',
    [{ ...good, version: 'Best One' }],
    "streams.0.version: model 'churn': 'Best One' is no version, range, alias, digest or time",
  ],
  [
    'a sink that is the source',
    [{ ...good, from: ['more', 'scores'] }],
    'streams.0.to: scores is a source of the same stream, which would score what it wrote for ever',
  ],
  [
    'a circle of three',
    [
      { ...good, name: 'a', from: 'one', to: 'two' },
      { ...good, name: 'b', from: 'two', to: 'three' },
      { ...good, name: 'c', from: 'three', to: 'one' },
    ],
    'streams.0.to: what is written there comes back to the source: two → three → one',
    'streams.1.to: what is written there comes back to the source: three → one → two',
    'streams.2.to: what is written there comes back to the source: one → two → three',
  ],
  [
    'dead letters in the source',
    [{ ...good, deadLetters: 'activity' }],
    'streams.0.deadLetters: activity is a source of the same stream',
  ],
  [
    'dead letters in the sink',
    [{ ...good, deadLetters: 'scores' }],
    'streams.0.deadLetters: scores is the sink: dead letters need another topic',
  ],
  [
    'one sink in two formats',
    [good, { ...good, name: 'other', from: 'more', format: 'protobuf' }],
    "streams.1.format: protobuf, but the stream 'events' writes json to scores, too",
  ],
  [
    'a sink of records',
    [{ ...good, to: 'sluice.predictions.v1' }],
    "streams.0.to: sluice.predictions.v1 is a topic of the event log's own: name another one",
  ],
  [
    'dead letters among the records',
    [{ ...good, deadLetters: 'sluice.feedback.v1' }],
    'streams.0.deadLetters: sluice.feedback.v1 is not for dead letters',
  ],
  [
    'records as events',
    [{ ...good, from: 'sluice.predictions.v1' }],
    'streams.0.from: sluice.predictions.v1 holds what comes of predictions, and not events',
  ],
  [
    'a mapping of what the release does not have',
    [{ ...good, features: { tenure: 'a', chargse: 'b', size: 'c', ratio: 'd' } }],
    "streams.0.features.chargse: churn 1.1.0 has no such feature; did you mean 'charges'?",
    'streams.0.features.size: churn 1.1.0 has no such feature; it has tenure, charges',
    'streams.0.features.ratio: churn 1.1.0 computes it of other features',
  ],
  [
    'a mapping without what the release requires',
    [{ ...good, version: 'champion', features: { charges: 'a' } }],
    'streams.0.features: churn 1.1.0 requires tenure, which no field is mapped to',
  ],
  [
    'a replay of nothing',
    [good, { ...good, name: 'again', to: 'more', replayOf: 'evnets' }],
    "streams.1.replayOf: there is no stream 'evnets'; there are events",
  ],
  [
    'a replay of itself',
    [{ ...good, replayOf: 'events' }],
    "streams.0.replayOf: there is no stream 'events'; there is no other one",
  ],
  [
    'a replay into the sink of what it replays',
    [good, { ...good, name: 'again', replayOf: 'events' }],
    "streams.1.to: scores is the sink of 'events': a replay needs another one",
  ],
  [
    'an end of what is no replay',
    [{ ...good, until: '2026-11-20T10:00:00Z' }],
    'streams.0.until: only a replay ends: name the stream in replayOf',
  ],
  [
    'a filter that cannot be parsed',
    [{ ...good, filter: 'event.amount >' }],
    'streams.0.filter: Unexpected token: EOF (at character 15)',
  ],
  [
    'a filter of what there is not',
    [{ ...good, filter: 'evnt.amount > 1' }],
    "streams.0.filter: unknown name 'evnt'; there are event, key, headers, topic, timestamp_ms (at character 1)",
  ],
  [
    'several things at once',
    [{ ...good, to: 'activity', model: 'x', deadLetters: 'sluice.drift.v1' }],
    'streams.0.deadLetters: sluice.drift.v1 is not for dead letters',
    'streams.0.to: activity is a source of the same stream, which would score what it wrote for ever',
    "streams.0.model: the store has no releases of the model 'x'; it has churn, iris",
  ],
];

for (const [what, streams, ...faults] of bad)
  test(`streams are refused, naming the field: ${what}`, () => {
    assert.deepEqual(faultsOf(...streams), faults);
  });
