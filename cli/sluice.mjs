#!/usr/bin/env node
// Starts the command: as installed from a package its bundle, in a checkout its source, under Node 24.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const source = new URL('main.ts', import.meta.url);
// What Node makes of the sources is kept: without it a command takes half as long again to start.
const compiled = fileURLToPath(new URL('../node_modules/.cache/sluice/compiled', import.meta.url));
if (!existsSync(source)) {
  await import('./dist/sluice.mjs');
} else if (Number(process.versions.node.split('.')[0]) >= 24) {
  module.enableCompileCache(compiled);
  await import(source.href);
} else {
  const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  const env = { NODE_COMPILE_CACHE: compiled, ...process.env };
  const child = spawn(node, [fileURLToPath(source), ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', () => {
    process.stderr.write('sluice: Node 24 is not installed in this checkout: run npm ci there first\n');
    process.exitCode = 69;
  });
  child.on('exit', (code, signal) => (process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1)));
}
