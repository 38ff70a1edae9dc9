/**
 * The import rules of the architecture:
 *
 *   protos ← kernel ← {gateway | model-runtime | consumers | cli}
 *   inside a service: main → compose → adapters → core
 *
 * Paths are relative to the root. scripts/import-rules.test.ts breaks each rule once and sees it fail;
 * a new rule needs a row there.
 */
const services = '(gateway|model-runtime|consumers)';
const processes = '(gateway|model-runtime|consumers|cli)';
const tests = '\\.test\\.ts$';
/** Not shipped. */
const unshipped = `${tests}|^(test|scripts)/`;
/** What only tests may import: shipped with its workspace, but never loaded. */
const testing = '(^|/)testing/';

/** Modules of the kernel that do no I/O and keep no state; a core may use them. */
const pureKernel = [
  '^kernel/collections/',
  '^kernel/tensor/',
  '^kernel/errors/(code-meaning|codes|message-of|request-codes|server-codes|shortened|sluice-error)\\.ts$',
  '^kernel/oip/priority\\.ts$',
  '^kernel/release/(release|tensor-signature|version|version-range)\\.ts$',
  '^kernel/revision/(passed-over|record-settings|revision|selector|stream-settings)\\.ts$',
  '^kernel/schema/near-miss\\.ts$',
].join('|');
/** Packages that only compute. */
const purePackages = '(^|/)node_modules/(fastest-levenshtein|semver|zod)/';

/** How dependency-cruiser calls what is not our own source. */
const foreign = [
  'core',
  'npm',
  'npm-bundled',
  'npm-dev',
  'npm-no-pkg',
  'npm-optional',
  'npm-peer',
  'npm-unknown',
];

const packagePath = (name) => `(^|/)node_modules/${name}/`;

/** Each third-party client has one home, so that it can be replaced there. */
const homes = [
  { name: 'grpc', packages: '@grpc/grpc-js', home: '(^|/)rpc/|^protos/(load\\.ts|gen/)|^test/' },
  { name: 'grpc-services', packages: '(@grpc/reflection|grpc-health-check)', home: '(^|/)rpc/|^test/' },
  { name: 'proto-loader', packages: '@grpc/proto-loader', home: '^protos/' },
  { name: 'onnxruntime', packages: 'onnxruntime-[^/]+', home: '^model-runtime/session/|^test/' },
  { name: 'fastify', packages: '(fastify|@fastify/[^/]+|swagger-ui-dist)', home: '^gateway/rest/' },
  {
    name: 'telemetry-sdk',
    packages: '@opentelemetry/(sdk-[^/]+|exporter-[^/]+|core|resources)',
    home: '^kernel/telemetry/',
  },
  { name: 'prom-client', packages: 'prom-client', home: '(^|/)telemetry/' },
  { name: 'protobufjs', packages: 'protobufjs', home: '^(kernel|protos|gateway/rest|test)/' },
  { name: 'aws-sdk', packages: '@aws-sdk/[^/]+', home: '^kernel/store/' },
  { name: 'ajv', packages: '(ajv|ajv-formats)', home: '^kernel/schema/' },
  { name: 'cel', packages: '@marcbachmann/cel-js', home: '^kernel/expressions/' },
  { name: 'lmdb', packages: 'lmdb', home: '^kernel/event-log/embedded/' },
  { name: 'kafka', packages: '(kafkajs|snappy|lz4-napi)', home: '^kernel/event-log/(kafka|testing)/' },
  {
    name: 'file-lock',
    packages: 'fs-native-extensions',
    home: '^kernel/(event-log/embedded|lifecycle|spool)/',
  },
  { name: 'postgres', packages: '(pg|kysely)', home: '^(kernel/(records|testing)|test)/' },
  { name: 'pglite', packages: '@electric-sql/[^/]+', home: '^(consumers/database|kernel/testing)/' },
  { name: 'duckdb', packages: '@duckdb/[^/]+', home: '^(consumers/lake|test)/' },
  { name: 'parquet', packages: '(hyparquet|hyparquet-writer)', home: '^(cli|test)/' },
  { name: 'commander', packages: 'commander', home: '^cli/' },
];

const homeRules = homes.map(({ name, packages, home }) => ({
  name: `home-of-${name}`,
  comment: `Only ${home} may import ${packages}.`,
  severity: 'error',
  from: { pathNot: home },
  to: { path: packagePath(packages) },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Modules that import each other cannot be understood or tested apart.',
      severity: 'error',
      from: { pathNot: '^protos/gen/' },
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      comment: 'Nobody imports it and it imports nobody: remove it, or use it.',
      severity: 'error',
      from: { orphan: true, pathNot: '^(protos/gen|scripts)/|(^|/)main\\.ts$|\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-package',
      comment: 'The package.json of a workspace names exactly what the workspace needs.',
      severity: 'error',
      from: { pathNot: '^protos/gen/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-package-in-production',
      comment: 'A container image has no devDependencies. (The CLI is bundled: all its packages are.)',
      severity: 'error',
      from: { path: `^(protos|kernel|${services})/`, pathNot: `${unshipped}|${testing}` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-a-test',
      comment: 'What two tests need is a module of its own.',
      severity: 'error',
      from: {},
      to: { path: tests },
    },
    {
      name: 'production-imports-no-test-folder',
      comment: 'test/ and scripts/ are not shipped.',
      severity: 'error',
      from: { path: `^(protos|kernel|${processes})/`, pathNot: unshipped },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'production-imports-no-testing',
      comment: 'Folders named testing/ hold what tests need, with packages that are not there in production.',
      severity: 'error',
      from: { path: `^(protos|kernel|${processes})/`, pathNot: `${unshipped}|${testing}` },
      to: { path: testing },
    },
    {
      name: 'protos-import-nobody',
      comment: 'protos is the lowest layer.',
      severity: 'error',
      from: { path: '^protos/' },
      to: { path: `^(kernel|${processes}|test)/` },
    },
    {
      name: 'kernel-imports-no-process',
      comment: 'The kernel knows only protos.',
      severity: 'error',
      from: { path: '^kernel/' },
      to: { path: `^(${processes}|test)/` },
    },
    {
      name: 'services-stay-apart',
      comment: 'Services meet only over gRPC and topics. What two of them need belongs in the kernel.',
      severity: 'error',
      from: { path: `^${services}/` },
      to: { path: `^${processes}/`, pathNot: '^$1/' },
    },
    {
      name: 'cli-imports-no-service',
      comment: 'The CLI is a client of the gateway; it starts processes, it imports none.',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: `^${services}/` },
    },
    {
      name: 'only-main-imports-compose',
      comment: 'compose.ts is the root of a process: nothing below it may reach up to it.',
      severity: 'error',
      from: { pathNot: `^${processes}/main\\.ts$|${tests}` },
      to: { path: `^${processes}/compose\\.ts$` },
    },
    {
      name: 'nobody-imports-main',
      comment: 'main.ts starts a process when it is loaded.',
      severity: 'error',
      from: {},
      to: { path: `^${processes}/main\\.ts$` },
    },
    {
      name: 'core-stays-inside',
      comment: 'A core imports itself and the kernel; adapters come to it as arguments.',
      severity: 'error',
      from: { path: `^${processes}/core/`, pathNot: tests },
      to: { dependencyTypesNot: foreign, pathNot: '^$1/core/|^kernel/' },
    },
    {
      name: 'core-is-pure',
      comment: 'No Node API and no package in a core, but for types.',
      severity: 'error',
      from: { path: `^${processes}/core/`, pathNot: tests },
      to: { dependencyTypes: foreign, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-uses-pure-kernel',
      comment: 'From the kernel a core takes types, and modules that only compute (pureKernel above).',
      severity: 'error',
      from: { path: `^${processes}/core/`, pathNot: tests },
      to: { path: '^kernel/', pathNot: pureKernel, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-kernel-is-pure',
      comment: 'A module that a core may use does no I/O (pureKernel above).',
      severity: 'error',
      from: { path: pureKernel, pathNot: tests },
      to: { pathNot: `${pureKernel}|${purePackages}`, dependencyTypesNot: ['type-only'] },
    },
    ...homeRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.sluice|\\.venv)/' },
    combinedDependencies: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mts', '.d.ts', '.js', '.mjs', '.cjs', '.json', '.node'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
