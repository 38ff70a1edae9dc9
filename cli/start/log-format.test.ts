import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prettyFactory } from 'pino-pretty';
import { createPrettyFormat, formatJson, type LogLine } from './log-format.ts';

const line = (text: string, stream: LogLine['stream'] = 'stdout'): LogLine => ({
  process: 'gateway',
  stream,
  text,
  timeMs: 0,
});

const json: [string, LogLine, unknown][] = [
  [
    'a JSON line gets the process',
    line('{"level":"info","msg":"up"}'),
    { process: 'gateway', level: 'info', msg: 'up' },
  ],
  ['an empty object too', line(' {} '), { process: 'gateway' }],
  ['a process that names itself keeps its name', line('{"process":"cell"}'), { process: 'cell' }],
  [
    'what is not JSON is wrapped',
    line('{oops'),
    { level: 'info', time: '1970-01-01T00:00:00.000Z', process: 'gateway', stream: 'stdout', msg: '{oops' },
  ],
  [
    'what comes on stderr is a warning',
    line('DeprecationWarning', 'stderr'),
    {
      level: 'warn',
      time: '1970-01-01T00:00:00.000Z',
      process: 'gateway',
      stream: 'stderr',
      msg: 'DeprecationWarning',
    },
  ],
];
for (const [what, given, expected] of json) {
  test(`as JSON, ${what}`, () => {
    const printed = formatJson(given);
    assert.equal(printed.indexOf('\n'), printed.length - 1);
    assert.deepEqual(JSON.parse(printed), expected);
  });
}

const pretty = createPrettyFormat(prettyFactory, ['model-runtime', 'gateway'], false);

test('on a terminal each line starts with the padded name', () => {
  const text = '{"level":"info","time":"2026-11-21T08:00:00.000Z","msg":"up","port":8000}';
  assert.match(pretty(line(text)), /^gateway {7}\| \[\d\d:\d\d:00\.000\] INFO: up \{"port":8000\}\n$/);
});

test('on a terminal each line of a stack trace starts with the name', () => {
  const text = JSON.stringify({
    level: 'error',
    msg: 'failed',
    err: { type: 'Error', message: 'x', stack: 'Error: x\n  at f' },
  });
  const lines = pretty(line(text)).trimEnd().split('\n');
  assert.ok(lines.length > 1);
  for (const printed of lines) assert.match(printed, /^gateway {7}\| /);
});

test('on a terminal with colours the name has one', () => {
  const coloured = createPrettyFormat(prettyFactory, ['model-runtime', 'gateway'], true);
  assert.ok(coloured(line('plain')).startsWith('\u001b[35mgateway       |\u001b[0m plain'));
});
