import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startSluice } from '../../support/sluice.ts';
import { type Ask, asking, churn } from './ask.ts';

const maxBytes = 10_000;
const json = { 'content-type': 'application/json' };
const gzip = { ...json, 'content-encoding': 'gzip' };
const predict = '/v1/models/churn:predict';
const infer = '/v2/models/digits/infer';

const rows = [
  ['an empty body', predict, '', json, 400, 'MALFORMED_REQUEST', /empty/],
  ['invalid JSON', predict, '{"features": {', json, 400, 'MALFORMED_REQUEST', /line 1 column 15/],
  ['an unknown member', predict, '{"feetures": {}}', json, 400, 'MALFORMED_REQUEST', /"feetures"/],
  [
    'another content type',
    predict,
    'x',
    { 'content-type': 'text/xml' },
    415,
    'UNSUPPORTED_ENCODING',
    /text\/xml/,
  ],
  [
    'a content type that is none',
    infer,
    '{}',
    { 'content-type': 'x' },
    415,
    'UNSUPPORTED_ENCODING',
    /content type/,
  ],
  [
    'another encoding',
    predict,
    'x',
    { ...json, 'content-encoding': 'br' },
    415,
    'UNSUPPORTED_ENCODING',
    /br/,
  ],
  ['no gzip where it says so', predict, 'x', gzip, 400, 'MALFORMED_REQUEST', /not valid gzip/],
  ['a large body', predict, 'x'.repeat(maxBytes + 1), json, 413, 'MESSAGE_TOO_LARGE', /10000 bytes/],
  [
    'a gzip bomb',
    infer,
    Uint8Array.from(gzipSync(Buffer.alloc(1e7))),
    gzip,
    413,
    'MESSAGE_TOO_LARGE',
    /decompressed/,
  ],
  [
    'a deadline that is past',
    predict,
    JSON.stringify(churn),
    { ...json, 'sluice-timeout-ms': '0' },
    504,
    'DEADLINE_EXCEEDED',
    /passed/,
  ],
  [
    'a deadline that is none',
    predict,
    '{}',
    { ...json, 'sluice-timeout-ms': 'soon' },
    400,
    'MALFORMED_REQUEST',
    /'soon'/,
  ],
  [
    'an unknown model',
    '/v1/models/nope:predict',
    '{}',
    json,
    404,
    'MODEL_NOT_FOUND',
    /churn, digits, house-price/,
  ],
  [
    'an unknown version',
    '/v2/models/digits/versions/7/infer',
    '{"inputs":[]}',
    json,
    404,
    'RELEASE_NOT_FOUND',
    /'7'/,
  ],
  [
    'a header length beyond the body',
    infer,
    '{}',
    { ...json, 'inference-header-content-length': '9' },
    400,
    'MALFORMED_REQUEST',
    /is 9, but the body has 2/,
  ],
  ['a path that cannot be decoded', '/v1/models/%zz:predict', '{}', json, 400, 'MALFORMED_REQUEST', /%zz/],
] as const;

describe('what the HTTP door refuses', () => {
  const stack = new AsyncDisposableStack();
  let ask: Ask;

  before(async () => {
    const sluice = stack.use(await startSluice({ env: { MAX_MESSAGE_BYTES: String(maxBytes) } }));
    ask = asking(sluice.gateway.http);
  });
  after(() => stack.disposeAsync());

  for (const [what, path, body, headers, status, code, message] of rows) {
    test(`${what}: ${status} ${code}`, async () => {
      const reply = await ask('POST', path, body, headers);
      const said = reply.json as { code: string; message?: string; error?: string };
      assert.deepEqual([reply.status, said.code], [status, code], reply.text);
      assert.match((path.startsWith('/v2') ? said.error : said.message) ?? '', message);
    });
  }

  test('on /v1 every violation is listed', async () => {
    const { status, json: said } = await ask('POST', predict, { features: { tenure: 'x', what: 1 } });
    assert.equal(status, 422);
    const { violations } = said as { violations: { path: string; rule: string }[] };
    assert.deepEqual(violations.map(({ path, rule }) => `${path} ${rule}`).toSorted(), [
      'features.contract required',
      'features.monthly_charges required',
      'features.tenure type',
      'features.what unknown',
    ]);
  });

  test('what is not available says when to ask again', async () => {
    await ask('POST', '/v2/repository/models/digits/unload');
    const {
      status,
      headers,
      json: said,
    } = await ask('POST', '/v1/models/digits:predict', {
      features: { image: new Array(64).fill(0) },
    });
    assert.equal(status, 503);
    assert.equal(headers.get('retry-after'), '1');
    assert.equal((said as { retryAfterMs: number }).retryAfterMs, 1000);
  });
});
