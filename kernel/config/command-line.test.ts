import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { configure } from './command-line.ts';
import { commonShape, list, port } from './environment.ts';

const schema = z.object({
  ...commonShape,
  PORT: port().default(8000).describe('where it listens'),
  PEERS: list().default([]).describe('the others'),
  API_TOKEN: z.string().optional().describe('who it is'),
});

class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Runs it as a process would be: what it printed, and its exit code or configuration. */
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const lines: string[] = [];
  const exit = (code: number): never => {
    throw new Exit(code);
  };
  const invocation = { name: 'thing', schema, env, args, print: (line: string) => lines.push(line), exit };
  try {
    return { lines, config: configure(invocation), code: undefined };
  } catch (error) {
    if (error instanceof Exit) return { lines, config: undefined, code: error.code };
    throw error;
  }
};

test('without arguments the configuration is given and nothing printed', () => {
  const { lines, config } = run([], { PORT: '1' });
  assert.deepEqual(lines, []);
  assert.equal(config?.PORT, 1);
});

test('--help lists every variable with its description and default, whatever the environment', () => {
  const { lines, code } = run(['--help'], { PORT: 'broken' });
  assert.equal(code, 0);
  const text = lines.join('\n');
  for (const variable of Object.keys(schema.shape))
    assert.match(text, new RegExp(`^  ${variable} +\\S`, 'm'));
  assert.match(text, /PORT +where it listens \(default 8000\)/);
  assert.match(text, /PEERS +the others$/m);
});

test('--print-config shows each value with its origin, but no secret', () => {
  const { lines, code } = run(['--print-config'], { PORT: '1', API_TOKEN: 'hunter2', LOG_LEVEL: '' });
  assert.equal(code, 0);
  assert.ok(lines.includes('PORT=1  # environment'));
  assert.ok(lines.includes('LOG_LEVEL=info  # default'));
  assert.ok(lines.includes('API_TOKEN=[redacted]  # environment'));
  assert.doesNotMatch(lines.join('\n'), /hunter2/);
});

test('--check prints nothing and exits with 0 where all is good', () => {
  assert.deepEqual(run(['--check']), { lines: [], config: undefined, code: 0 });
});

const faulty: readonly [args: readonly string[], env: NodeJS.ProcessEnv, lines: readonly string[]][] = [
  [[], { PORT: 'x' }, ["thing: PORT: expected a port number, got 'x'"]],
  [['--check'], { PORT: 'x' }, ["thing: PORT: expected a port number, got 'x'"]],
  [['--print-config'], { PORT: 'x' }, ["thing: PORT: expected a port number, got 'x'"]],
  [['--chekc'], {}, ['thing: unknown argument --chekc']],
  [
    ['serve'],
    { PORT: '-1' },
    ['thing: unknown argument serve', "thing: PORT: expected a port number of at least 0, got '-1'"],
  ],
];

for (const [args, env, lines] of faulty) {
  test(`faults are printed and the exit code is 64: ${lines.join(', ')}`, () => {
    assert.deepEqual(run(args, env), { lines, config: undefined, code: 64 });
  });
}
