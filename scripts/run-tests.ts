/**
 * Runs suites of tests: run-tests.ts SUITE… [options of node --test].
 * One node process runs them all, so that one summary closes the output.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { findTests, suites } from './suites.ts';

/** Ends a test file that hangs; the conformance suite installs Python packages meanwhile. */
const fileTimeoutMs = 15 * 60_000;
/** The soak takes hours. */
const soakTimeoutMs = 6 * 60 * 60_000;
/** Files at a time. Fault tests count milliseconds while they kill processes: one at a time. */
const concurrency = Math.min(2, availableParallelism());

const root = resolve(import.meta.dirname, '..');
/** Some thousand processes are started, each of which would strip and compile the same modules. */
const env = { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/sluice-tests/compiled'), ...process.env };

function nodeArguments(names: readonly string[], options: readonly string[]): string[] {
  const files = names.flatMap((name) => findTests(root, name));
  const alone = names.includes('fault') || names.includes('soak');
  const timeoutMs = names.includes('soak') ? soakTimeoutMs : fileTimeoutMs;
  return [
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${alone ? 1 : concurrency}`,
    `--test-timeout=${timeoutMs}`,
    ...options,
    ...files,
  ];
}

function run(args: readonly string[]): void {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

const given = process.argv.slice(2);
const names = given.filter((argument) => !argument.startsWith('-'));
if (names.length === 0) {
  console.error(`usage: run-tests.ts SUITE…; suites: ${Object.keys(suites).join(', ')}`);
  process.exitCode = 64;
} else {
  try {
    run(
      nodeArguments(
        names,
        given.filter((argument) => argument.startsWith('-')),
      ),
    );
  } catch (error) {
    console.error(error instanceof Error ? `run-tests: ${error.message}` : error);
    process.exitCode = 1;
  }
}
