/**
 * Runs every static check and the unit tests: one line each, and the output of those that fail; with --static the
 * checks alone. Exit code 1 if any failed.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

interface Check {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
}

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

const root = resolve(import.meta.dirname, '..');
const folders = ['protos', 'kernel', 'gateway', 'model-runtime', 'consumers', 'cli', 'test', 'scripts'];
const leastTypeCoverage = '99.5';

/** Independent of each other: as many at a time as there are processors. The slowest first. */
const staticChecks: readonly Check[] = [
  {
    name: 'type coverage',
    command: [
      'type-coverage',
      '--strict',
      '--detail',
      `--at-least=${leastTypeCoverage}`,
      '--ignore-files=protos/gen/**',
    ],
  },
  { name: 'types', command: ['tsc'] },
  { name: 'import rules', command: ['depcruise', ...folders] },
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '--max-diagnostics=100'] },
  { name: 'generated files', command: ['node', 'scripts/generate-protos.ts', '--check'] },
  { name: 'buf lint', command: ['buf', 'lint'] },
  { name: 'buf format', command: ['buf', 'format', '--diff', '--exit-code'] },
  { name: 'buf breaking', command: ['buf', 'breaking', '--against', 'protos/baseline.binpb'] },
  { name: 'house rules', command: ['node', 'scripts/house-rules.ts'] },
];

/** Alone at the end: tests that wait for conditions do not like a busy machine. */
const unitTests: Check = { name: 'unit tests', command: ['node', 'scripts/run-tests.ts', 'unit'] };

/** Runs a program; npm has put node_modules/.bin first on the PATH. */
function execute([program, ...args]: Check['command']): Promise<Outcome> {
  return new Promise((resolveOutcome) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolveOutcome({ passed: false, output: `${error.message}\n` }));
    child.on('close', (code) => resolveOutcome({ passed: code === 0, output }));
  });
}

async function runCheck({ name, command }: Check): Promise<boolean> {
  const startedAt = performance.now();
  const { passed, output } = await execute(command);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(16)} ${seconds.padStart(5)} s`);
  if (!passed) console.log(`\n$ ${command.join(' ')}\n${output}`);
  return passed;
}

/** Runs the checks in order, `width` at a time; answers how many failed. */
async function runAll(checks: readonly Check[], width: number): Promise<number> {
  const waiting = [...checks];
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      if (!(await runCheck(check))) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return failed;
}

const tests = process.argv.includes('--static') ? [] : [unitTests];
const failed = (await runAll(staticChecks, availableParallelism())) + (await runAll(tests, 1));
const count = staticChecks.length + tests.length;
console.log(failed === 0 ? 'all checks passed' : `${failed} of ${count} checks FAILED`);
process.exitCode = failed === 0 ? 0 : 1;
