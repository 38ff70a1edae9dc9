import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Features } from '@sluice/kernel/features/value';
import type { GetSignatureResponse__Output } from '@sluice/protos/gen/sluice/v1/GetSignatureResponse';
import { unary } from '../support/clients.ts';
import { type Fixture, startFixture } from './bad-input/fixture.ts';
import { type DomainRequest, doorNames, type Row } from './bad-input/row.ts';
import { runRows } from './bad-input/run-rows.ts';

const code = 'INVALID_INPUT';
const good: Features = { monthly_fee: 10, children: 0, district: 'north' };
const tariff = (wrong: Features = {}, version?: string): DomainRequest => ({
  predict: {
    model: 'tariff',
    features: { ...good, ...wrong },
    ...(version === undefined ? {} : { version }),
  },
});
const one = (
  name: string,
  wrong: Features,
  feature: string,
  message: RegExp,
  allowed: readonly string[],
): Row => ({
  name,
  request: tariff(wrong),
  code,
  message,
  violation: `features.${feature}`,
  allowed,
});

const rows: readonly Row[] = [
  one(
    'a number below its minimum',
    { monthly_fee: -1 },
    'monthly_fee',
    /expected a number of at least 0, got the number -1/,
    ['number', '>= 0', '<= 500'],
  ),
  one(
    'a fraction where a whole number is declared',
    { years: 1.5 },
    'years',
    /expected a whole number, got the number 1.5/,
    ['integer', '<= 80'],
  ),
  one(
    'a string that says no number, where one is coerced',
    { years: 'many' },
    'years',
    /expected a number, got the string 'many'/,
    ['integer', '<= 80'],
  ),
  one(
    'a string that says a number, where none is coerced',
    { monthly_fee: '10' },
    'monthly_fee',
    /expected a number, got the string '10'/,
    ['number', '>= 0', '<= 500'],
  ),
  one(
    'a string that does not match its pattern',
    { contract_code: 'ab-1', years: 1 },
    'contract_code',
    /expected a string that matches \^\[A-Z\]\{2\}-\\d\+\$, got the string 'ab-1'/,
    ['string'],
  ),
  one(
    'a string that is too long',
    { contract_code: 'AB-1234567', years: 1 },
    'contract_code',
    /expected at most 8 characters, got the string 'AB-1234567'/,
    ['string'],
  ),
  one(
    'a category nearly right, with what was probably meant',
    { district: 'nroth' },
    'district',
    /expected one of north, south, got the string 'nroth'/,
    ['north', 'south'],
  ),
  one(
    'null for an optional feature that is not nullable',
    { district: null },
    'district',
    /expected a string, got null/,
    ['north', 'south'],
  ),
  one(
    'a name nearly right, with what was probably meant',
    { monthlyFee: 1 },
    'monthlyFee',
    /unknown feature \(did you mean 'monthly_fee'\?\); the release has monthly_fee, years/,
    ['monthly_fee', 'years', 'contract_code', 'district', 'months', 'children', 'employed'],
  ),
  one(
    'a feature that an integer tensor cannot do without',
    { children: null },
    'children',
    /missing; expected a number/,
    ['integer', '>= -2147483648', '<= 2147483647'],
  ),
  one(
    'what the schema file of the minor version narrows',
    { years: '81' },
    'years',
    /expected a number of at most 80, got the number 81/,
    ['integer', '<= 80'],
  ),
  one(
    'a multiple that the schema file asks for',
    { months: 13 },
    'months',
    /expected a multiple of 3, got the number 13/,
    ['a multiple of 3'],
  ),
  one(
    'a feature that the schema file wants beside another',
    { contract_code: 'AB-1' },
    'years',
    /missing where contract_code is given; expected a number/,
    ['integer'],
  ),
  {
    name: 'everything that is wrong, at once',
    request: tariff({ monthly_fee: 'x', years: 1.5, district: 'east', fee: 1, contract_code: 'a' }),
    code,
    message: /monthly_fee: .*years: .*contract_code: .*district: .*fee: /,
    violation: /^features\.(monthly_fee|years|contract_code|district|fee)$/,
  },
  {
    name: 'a release whose schema contradicts it, to which another name was probably meant',
    request: tariff({}, '3.0.0'),
    code: 'RELEASE_UNAVAILABLE',
    message: /tariff 3.0.0 is not available: schema.json: required: there is no feature anual_fee/,
    retry: true,
  },
];

runRows('features that do not fit the schema', rows);

suite('features that fit the schema', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  for (const door of doorNames)
    test(`strings that say numbers and booleans are taken where that is declared, at the door ${door}`, async () => {
      const request = tariff({ years: '5', employed: 'true', months: 15, contract_code: 'AB-1' });
      assert.deepEqual(await fixture.doors[door](request), { answered: ['score'] });
    });

  test('the signature has the whole schema as JSON Schema, over gRPC and REST', async () => {
    const asked = { model: 'tariff', version: '2.1.3' };
    const { model } = fixture.clients;
    const overGrpc = await unary<GetSignatureResponse__Output>((done) => model.GetSignature(asked, done));
    const text = overGrpc.signature?.inputSchema ?? '';
    const { $schema, title, properties, allOf } = JSON.parse(text);
    assert.deepEqual(
      [$schema, title, properties.monthly_fee, allOf[0].properties.years],
      [
        'https://json-schema.org/draft/2020-12/schema',
        'tariff 2.1.3',
        { type: 'number', minimum: 0, maximum: 500 },
        { type: 'integer', maximum: 80 },
      ],
    );
    const overRest = await fetch(`${fixture.sluice.gateway.http}/v1/models/tariff/versions/2.1.3/signature`);
    const body = (await overRest.json()) as { signature: { inputSchema: string } };
    assert.equal(body.signature.inputSchema, text);
  });
});
