import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { descriptorsFile, loaderOptions, protoDirectory } from '@sluice/protos/loader-options';
import type { Plugin } from 'esbuild';

/** Does what protos/load.ts does, from the descriptors that were compiled of the same files. */
const source = (): string => {
  const descriptors = readFileSync(join(protoDirectory, 'gen', descriptorsFile)).toString('base64');
  const options = `{ ...${JSON.stringify(loaderOptions)}, longs: String, enums: String }`;
  return [
    "import { loadPackageDefinition } from '@grpc/grpc-js';",
    "import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';",
    `const descriptors = Buffer.from('${descriptors}', 'base64');`,
    `const definition = loadFileDescriptorSetFromBuffer(descriptors, ${options});`,
    'export const loadProtos = () => loadPackageDefinition(definition);',
  ].join('\n');
};

/** The bundle is one file: it cannot read others beside it. */
export const embedProtos: Plugin = {
  name: 'embed-protos',
  setup: (build) => {
    build.onLoad({ filter: /[/\\]protos[/\\]load\.ts$/ }, () => ({
      contents: source(),
      loader: 'js',
      resolveDir: protoDirectory,
    }));
  },
};
