import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { BoundModel } from '../gateway-link.ts';
import { score } from '../testing/score.ts';
import { type FakeGateway, type FakeStream, startFakeGateway, usual } from './testing/fake-gateway.ts';
import { binding, openLinks, request, until } from './testing/open-link.ts';

type Kind =
  | 'score'
  | 'turn'
  | 'answer'
  | 'break'
  | 'end'
  | 'garble'
  | 'drain'
  | 'pause'
  | 'resume'
  | 'dispose';

/** What happens next; `at`: to which gateway or model. */
interface Step {
  readonly at: number;
  readonly kind: Kind;
  readonly count: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(2),
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Kind>('score', 'turn', 'answer') },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Kind>('break', 'end', 'garble', 'drain', 'pause', 'resume', 'dispose'),
    },
  ),
  count: fc.integer({ min: 1, max: 6 }),
});

/** Answers with the event's own name. */
const echo = (
  stream: FakeStream,
  { id, entityId }: { readonly id: number; readonly entityId: string },
): void => stream.answer(id, { outputs: { others: { fields: { echo: { stringValue: entityId } } } } });

/** The last ones of what a gateway has are answered, out of order. */
const answerSome = ({ stream }: FakeGateway, count: number): void => {
  // What was answered before is answered twice: a gateway may be wrong.
  for (const entry of stream?.entries.slice(-count).reverse() ?? []) if (stream) echo(stream, entry);
};

const happens = {
  answer: answerSome,
  break: ({ stream }: FakeGateway) => stream?.break(),
  end: ({ stream }: FakeGateway) => stream?.end(),
  garble: ({ stream }: FakeGateway) => stream?.garble(),
  drain: (gateway: FakeGateway) => gateway.announce({ draining: true }),
  pause: (gateway: FakeGateway) => gateway.announce({ ready: false }),
  resume: (gateway: FakeGateway) => gateway.announce({ ready: true, draining: false }),
};

const turns = async (count: number): Promise<void> => {
  for (let passed = 0; passed < count; passed += 1) await turn();
};

/** What became of the events of one model, by name. */
const asking = (model: BoundModel, name: string) => {
  const outcomes = new Map<string, string>();
  let asked = 0;
  const note = (entityId: string, outcome: string): void => {
    outcomes.set(entityId, `${outcomes.get(entityId) ?? ''}${outcome}`);
  };
  const ask = (): void => {
    const entityId = `${name}-${asked}`;
    asked += 1;
    score(model, request({ entityId, deadlineMs: 600_000 })).then(
      ({ outcome }) =>
        note(entityId, 'outputs' in outcome ? `scored as ${outcome.outputs['echo']}` : outcome.code),
      ({ code }) => note(entityId, code),
    );
  };
  /** What had been settled when the model was disposed of. */
  let settled: ReadonlySet<string> | undefined;
  const dispose = (): void => {
    settled ??= new Set(outcomes.keys());
    model[Symbol.dispose]();
  };
  const mayBe = (entityId: string, outcome: string): boolean =>
    settled === undefined || settled.has(entityId)
      ? outcome === `scored as ${entityId}` || outcome === 'GATEWAY_LOST'
      : outcome === 'CANCELLED';
  const wrong = (): string[] =>
    [...outcomes].filter((each) => !mayBe(...each)).map(([entityId, outcome]) => `${entityId}: ${outcome}`);
  return { ask, dispose, wrong, isDone: () => outcomes.size === asked };
};

type Asking = ReturnType<typeof asking>;

/** Does what the steps say. */
const play = async (
  steps: readonly Step[],
  gateways: readonly FakeGateway[],
  models: readonly Asking[],
): Promise<void> => {
  for (const { at, kind, count } of steps) {
    const [gateway, model] = [gateways[at], models[at]];
    assert.ok(gateway !== undefined && model !== undefined);
    if (kind === 'turn') await turns(count);
    else if (kind === 'score') for (let more = 0; more < count; more += 1) model.ask();
    else if (kind === 'dispose') model.dispose();
    else happens[kind](gateway, count);
  }
};

test('whatever links come and go, each event is sent once at most and settles once', async (t) => {
  const announcement = { ...usual, maxInFlight: 2 };
  const gateways = await Promise.all([1, 2, 3].map(() => startFakeGateway(t, { announcement })));
  let runs = 0;
  const run = async (steps: readonly Step[]): Promise<void> => {
    runs += 1;
    // A stream of the run before may still bring something.
    const ofRun = `run-${runs}:`;
    const received: string[] = [];
    const note = (entityId: string): void => void (entityId.startsWith(ofRun) && received.push(entityId));
    for (const each of gateways) each.onEntry = (_, { entityId }) => note(entityId);
    await using link = await openLinks(
      t,
      gateways.map(({ address }) => address),
    );
    const models = ['a', 'b', 'c'].map((stream) => asking(link.bind({ ...binding, stream }), ofRun + stream));
    await play(steps, gateways, models);
    for (const each of gateways) {
      each.onEntry = (stream, entry) => {
        note(entry.entityId);
        echo(stream, entry);
      };
      happens.resume(each);
      answerSome(each, Number.POSITIVE_INFINITY);
    }
    await until('all to settle', () => models.every(({ isDone }) => isDone()));
    await turns(3);
    assert.equal(new Set(received).size, received.length, 'sent twice');
    assert.deepEqual(
      models.flatMap(({ wrong }) => wrong()),
      [],
    );
    assert.deepEqual([link.waiting(), link.links().map(({ inFlight }) => inFlight)], [0, [0, 0, 0]]);
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), run), {
    numRuns: 40,
    endOnFailure: true,
  });
});
