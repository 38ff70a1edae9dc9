/**
 * Makes dist/sluice.mjs, the command for those who install it: one file with all that it needs, for Node 20
 * and later. (Node does not strip types below node_modules, so the source cannot be installed as it is.)
 */
import { chmodSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { embedProtos } from './embed-protos.ts';

const outfile = resolve(import.meta.dirname, '../dist/sluice.mjs');

await build({
  entryPoints: [resolve(import.meta.dirname, '../main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // What starts the processes works only in a checkout, and is taken from there.
  external: [
    '../start/start.ts',
    '../release-test/run-release-test.ts',
    // Has parts that are built for one kind of machine.
    '@sluice/kernel/event-log/open-event-log',
  ],
  plugins: [embedProtos],
  banner: {
    js: [
      '#!/usr/bin/env node',
      // CommonJS packages inside an ES module: esbuild leaves their require of Node's modules as it is.
      "import { createRequire } from 'node:module';",
      'const require = createRequire(import.meta.url);',
    ].join('\n'),
  },
  legalComments: 'eof',
  logLevel: 'warning',
});
chmodSync(outfile, 0o755);
