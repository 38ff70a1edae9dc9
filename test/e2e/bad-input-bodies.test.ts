import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Code } from '@sluice/kernel/errors/codes';
import { meaningOf } from '@sluice/kernel/errors/codes';
import { expectAlive, type Fixture, startFixture } from './bad-input/fixture.ts';
import { pair } from './bad-input/requests.ts';
import { type Body, bodyOf, post } from './bad-input/rest-door.ts';

/** What cannot be read at all. gRPC has no such rows: its messages are read by grpc-js (bad-input-messages). */
interface BodyRow {
  readonly name: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message: RegExp;
  readonly code?: Code;
  /** Left out: both. */
  readonly only?: 'v1' | 'v2';
}

const paths = { v1: '/v1/models/loan:predict', v2: '/v2/models/pair/infer' } as const;
const binary = { 'content-type': 'application/octet-stream' };
const good = String(bodyOf(pair()).body);
const headerLength = (length: string) => ({ ...binary, 'inference-header-content-length': length });

/** A JSON part that promises a binary part of that size, and what really comes behind it. */
const promised = (size: number, came: number): Pick<BodyRow, 'body' | 'headers'> => {
  const inputs = [
    { name: 'x0', datatype: 'FP32', shape: [1, 3], parameters: { binary_data_size: size } },
    { name: 'x1', datatype: 'INT64', shape: [1], data: [4] },
  ];
  const json = Buffer.from(JSON.stringify({ inputs }));
  return {
    body: new Uint8Array(Buffer.concat([json, Buffer.alloc(came)])),
    headers: headerLength(String(json.byteLength)),
  };
};

const deep = 100_000;

const rows: readonly BodyRow[] = [
  { name: 'an empty body', body: '', message: /the body is empty; expected a JSON object/ },
  { name: 'a body that is no JSON', body: '{"inputs": [', message: /not valid JSON: .*(end|position)/ },
  { name: 'NaN, which is no JSON', body: '{"features": {"income": NaN}}', message: /not valid JSON: .*NaN/ },
  { name: 'JSON that is a list', body: '[1, 2]', message: /expected .*object/ },
  { name: 'JSON that is null', body: 'null', message: /expected .*object/ },
  { name: 'a body that is not UTF-8', body: new Uint8Array([0x22, 0xc3, 0x28, 0x22]), message: /not UTF-8/ },
  {
    name: 'JSON without inputs',
    body: '{"id": "one"}',
    message: /inputs: .*(expected|required)/i,
    only: 'v2',
  },
  {
    name: 'features that are a list',
    body: '{"features": [1]}',
    message: /features.*expected|must be an object: \[1\]/,
    only: 'v1',
  },
  {
    name: 'a field that the message does not have',
    body: '{"feature": {"income": 1}}',
    message: /feature/,
    only: 'v1',
  },
  {
    name: 'a header length beyond the body',
    body: good,
    headers: headerLength(String(good.length + 1)),
    message: new RegExp(
      `Inference-Header-Content-Length is ${good.length + 1}, but the body has ${good.length}`,
    ),
    only: 'v2',
  },
  {
    name: 'a header length within the JSON',
    body: good,
    headers: headerLength(String(good.length - 1)),
    message: /not valid JSON/,
    only: 'v2',
  },
  {
    name: 'a header length that is no number',
    body: good,
    headers: headerLength('-1'),
    message: /Inference-Header-Content-Length: expected a number of bytes, got '-1'/,
    only: 'v2',
  },
  {
    name: 'a binary part shorter than promised',
    ...promised(12, 8),
    message: /x0.*12.*8|12 bytes.*8/,
    only: 'v2',
  },
  {
    name: 'a binary part longer than promised',
    ...promised(12, 16),
    message: /12.*16|16.*12|4 bytes/,
    only: 'v2',
  },
  {
    name: 'a binary size that is no number',
    body: good.replace('"data":[1,2,3]', '"parameters":{"binary_data_size":"many"}'),
    message: /binary_data_size/,
    only: 'v2',
  },
  {
    name: 'lists nested a hundred thousand deep, as data',
    body: good.replace('[1,2,3]', '['.repeat(deep) + ']'.repeat(deep)),
    message: /data.*|nested/,
    code: 'INVALID_INPUT',
    only: 'v2',
  },
  {
    name: 'lists nested a hundred thousand deep, as a feature',
    body: `{"features": {"income": ${'['.repeat(deep)}${']'.repeat(deep)}}}`,
    message: /nested|deep|depth/,
    only: 'v1',
  },
  {
    name: 'a content type that is no JSON',
    body: good,
    headers: { 'content-type': 'text/xml' },
    message: /text\/xml.*expected.*json|expected.*json.*text\/xml/,
    code: 'UNSUPPORTED_ENCODING',
  },
  {
    name: 'a content encoding that is not understood',
    body: good,
    headers: { 'content-type': 'application/json', 'content-encoding': 'br' },
    message: /content encoding 'br' is not understood; expected gzip or deflate/,
    code: 'UNSUPPORTED_ENCODING',
  },
  {
    name: 'a body that is not the gzip that it says',
    body: good,
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    message: /the body is not valid gzip/,
  },
];

suite('bodies that cannot be read', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  for (const { name, body, headers, message, code = 'MALFORMED_REQUEST', only } of rows) {
    for (const door of only === undefined ? (['v1', 'v2'] as const) : [only]) {
      test(`${name}, on /${door}`, async () => {
        const sent: Body = { body, headers: headers ?? { 'content-type': 'application/json' } };
        const outcome = await post(fixture.sluice.gateway.http, paths[door], sent);
        assert.ok('refused' in outcome);
        const { refused } = outcome;
        assert.match(refused.message, message);
        const { http, httpV2 } = meaningOf(code);
        assert.deepEqual(
          { code: refused.code, status: refused.status },
          { code, status: door === 'v1' ? http : httpV2 },
        );
      });
    }
  }

  test('after that the processes live and answer', () => expectAlive(fixture));
});
