import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSluice } from './testing/run-sluice.ts';
import { standInGateway } from './testing/stand-in-gateway.ts';

const wrong: [string, string[], RegExp][] = [
  ['an unknown command', ['frob'], /unknown command 'frob'/],
  ['an unknown option', ['models', 'list', '--frob'], /unknown option '--frob'/],
  ['a missing argument', ['predict'], /missing required argument 'model'/],
  ['an argument too many', ['health', 'now'], /too many arguments/],
  ['an output format that is none', ['models', 'list', '--output', 'xml'], /Allowed choices are json, table/],
  ['a server that is no URL', ['models', 'list', '--server', 'localhost:8000'], /expected a URL/],
  ['a timeout that is no number', ['models', 'list', '--timeout', 'soon'], /expected seconds/],
  ['features that are none', ['predict', 'churn', '--set', 'tenure'], /expected name=value/],
  ['no features at all', ['predict', 'churn'], /give --file or --set/],
  [
    'a file that is missing',
    ['predict', 'churn', '-f', '/no/such.json'],
    /cannot read \/no\/such.json \(ENOENT\)/,
  ],
  ['no tensors', ['infer', 'digits'], /either --file or --input/],
  ['tensors twice', ['infer', 'digits', '-f', 'x', '--input', 'x=[1]'], /either --file or --input/],
  ['an input without a name', ['infer', 'digits', '--input', '[1]'], /expected name=json/],
  ['an input that is no array', ['infer', 'digits', '--input', 'x=1'], /expected a JSON array/],
  ['a shape that is none', ['infer', 'digits', '--input', 'x=[1]', '--shape', 'a,b'], /expected sizes/],
  ['a revision that is no number', ['config', 'get', '--revision', 'x'], /expected a number/],
  [
    'a time that is none',
    ['predictions', 'list', '--from', 'soon'],
    /expected a time such as .*, got 'soon'/,
  ],
  [
    'a range without time in it',
    ['predictions', 'list', '--from', '2026-11-21', '--to', '2026-11-20'],
    /--from must be before --to/,
  ],
  ['a limit of nothing', ['predictions', 'list', '--limit', '0'], /expected a whole number from 1 to 10000/],
  [
    'with and without feedback',
    ['predictions', 'list', '--with-feedback', '--without-feedback'],
    /cannot be used with option '--without-feedback'/,
  ],
  [
    'an export that begins nowhere',
    ['predictions', 'export', '--model', 'churn', '-o', 'x.csv'],
    /--from is missing/,
  ],
  [
    'an export of another kind',
    ['predictions', 'export', '--model', 'churn', '--from', '-1d', '-o', 'x.xlsx'],
    /expected a file that ends with .parquet, .csv or .jsonl, got 'x.xlsx'/,
  ],
  [
    'an export to nowhere',
    ['predictions', 'export', '--model', 'churn', '--from', '-1d'],
    /-o, --output <file>/,
  ],
  [
    'feedback about nothing',
    ['feedback', 'send', '--label', 'yes'],
    /give a prediction id, --entity or --file/,
  ],
  ['feedback about two', ['feedback', 'send', 'x', '--entity', 'y', '--label', '1'], /give a prediction id/],
  ['feedback that says nothing', ['feedback', 'send', 'x'], /it says nothing: give --label/],
  [
    'feedback at a time of an id',
    ['feedback', 'send', 'x', '--at', 'now', '--label', '1'],
    /go with --entity/,
  ],
  [
    'a reward that is no number',
    ['feedback', 'send', 'x', '--reward', 'much'],
    /expected a number, got 'much'/,
  ],
  [
    'a file and more',
    ['feedback', 'send', 'x', '--file', 'x.csv', '--label', '1'],
    /leave out a prediction id, --label/,
  ],
  [
    'feedback that is missing',
    ['feedback', 'send', '--file', '/no/such.csv'],
    /cannot read \/no\/such.csv \(ENOENT\)/,
  ],
  [
    'feedback of another kind',
    ['feedback', 'send', '--file', 'package.json'],
    /expected a file that ends with .csv/,
  ],
  ['a replay of no release', ['replay', '--model', 'churn'], /required option '--release/],
  ['a replay that begins nowhere', ['replay', '--model', 'churn', '--release', '1'], /--from is missing/],
  ['apply without a file', ['config', 'apply'], /required option '-f, --file/],
];
for (const [what, args, message] of wrong) {
  test(`wrong usage is exit code 64: ${what}`, async () => {
    const outcome = await runSluice([...args], { isInteractive: true });
    assert.equal(outcome.exitCode, 64);
    assert.match(outcome.stderr, message);
    assert.match(outcome.stderr, /^sluice: .*\((USAGE|UNREADABLE_FILE)\)\n$/);
    assert.equal(outcome.stdout, '');
  });
}

test('with --output json an error is one line of JSON on stderr', async () => {
  const { stderr } = await runSluice(['frob', '--output', 'json'], { isInteractive: true });
  assert.deepEqual(JSON.parse(stderr), { code: 'USAGE', message: "unknown command 'frob'" });
});

test('a gateway that is not there is exit code 69', async () => {
  const outcome = await runSluice(['models', 'list', '--server', 'http://127.0.0.1:9'], {
    isInteractive: true,
  });
  assert.equal(outcome.exitCode, 69);
  assert.match(outcome.stderr, /no gateway can be reached at http:\/\/127\.0\.0\.1:9 .*\(UNREACHABLE\)/);
});

test('a gateway that does not answer in time is exit code 69', async (t) => {
  const { url } = await standInGateway(t, { 'GET /v1/models': 'never' });
  const outcome = await runSluice(['models', 'list', '--server', url, '--timeout', '0.05'], {
    isInteractive: true,
  });
  assert.equal(outcome.exitCode, 69);
  assert.match(outcome.stderr, /did not answer within 0.05 s \(TIMEOUT\)/);
});

test('the server is found in SLUICE_SERVER, before the command, or behind it', async (t) => {
  const { url, asked } = await standInGateway(t, { 'GET /v1/models': [200, {}] });
  assert.equal((await runSluice(['models', 'list'], { environment: { SLUICE_SERVER: url } })).exitCode, 0);
  assert.equal((await runSluice(['--server', url, 'models', 'list'])).exitCode, 0);
  assert.equal((await runSluice(['models', 'list', '--server', url])).exitCode, 0);
  assert.equal(asked.length, 3);
});

test('--version before the command is that of the program', async () => {
  assert.deepEqual(await runSluice(['--version']), { exitCode: 0, stdout: '9.9.9\n', stderr: '' });
});

test('an answer that is no JSON is told with its status', async (t) => {
  const { url } = await standInGateway(t, { 'GET /v1/models': [502, '<html>'] });
  const outcome = await runSluice(['models', 'list', '--server', url], { isInteractive: true });
  assert.equal(outcome.exitCode, 1);
  assert.match(outcome.stderr, /the gateway answered 502 \(HTTP_502\)/);
});
