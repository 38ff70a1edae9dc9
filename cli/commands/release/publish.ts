import { hostname, userInfo } from 'node:os';
import type { PublishReleaseResponse__Output } from '@sluice/protos/gen/sluice/v1/PublishReleaseResponse';
import { Command } from 'commander';
import { CommandFailure, exitCodes } from '../../command-failure.ts';
import { type GatewayOptions, unreachable } from '../../gateway-client.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { formatPairs } from '../../output/table.ts';
import { findAdminKey } from '../../publish/admin-key.ts';
import { findGrpcDoor } from '../../publish/find-grpc-door.ts';
import { type LocalPackage, readLocalPackage } from '../../publish/local-package.ts';
import { noProgress, showProgress } from '../../publish/progress.ts';
import type { Terminal } from '../../terminal.ts';

interface PublishOptions extends GlobalOptions {
  readonly model?: string;
  readonly version?: string;
  readonly by?: string;
  readonly wait: boolean;
  readonly adminKeyFile?: string;
  readonly grpcServer?: string;
}

/** `sluice release publish FOLDER` */
export const publishCommand = (terminal: Terminal): Command =>
  new Command('publish')
    .description('put a folder into the store as a release, which nobody can change afterwards')
    .argument('<folder>', 'with model.onnx and what belongs to it; what begins with a dot is left out')
    .option('--model <name>', 'its name; else what sluice.yaml says, else the name of the folder above')
    .option('--version <version>', 'its version; else what sluice.yaml says, else the name of the folder')
    .option('--by <who>', 'who publishes (you@this machine)')
    .option('--no-wait', 'do not wait until it answers')
    .option('--admin-key-file <file>', 'the admin key (SLUICE_ADMIN_KEY, <SLUICE_HOME>/admin-key)')
    .option('--grpc-server <host:port>', "the gateway's gRPC door (SLUICE_GRPC_SERVER, what --server tells)")
    .action(async (folder: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<PublishOptions>();
      const local = await readLocalPackage(folder, options);
      const answer = await publish(local, options, terminal);
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(isJson ? `${JSON.stringify(answer, null, 2)}\n` : asTable(local, answer));
      if (options.wait) failUnlessServed(answer);
    });

const publish = async (
  local: LocalPackage,
  options: PublishOptions,
  terminal: Terminal,
): Promise<PublishReleaseResponse__Output> => {
  const gateway = gatewayOf(options, terminal);
  const adminKey = await findAdminKey(options.adminKeyFile, terminal);
  const address = await findGrpcDoor(
    gateway,
    options.grpcServer ?? terminal.environment['SLUICE_GRPC_SERVER'],
  );
  // Not before they are needed: other commands start faster without them.
  const { publishPackage } = await import('@sluice/kernel/rpc/publish-client');
  const { loadProtos } = await import('@sluice/protos/load');
  const { folder, model, version, files, digest, bytes } = local;
  const by = options.by ?? `${userInfo().username}@${hostname()}`;
  const isTable = outputOf(options, terminal) === 'table';
  using progress = isTable ? showProgress(bytes) : noProgress;
  return await publishPackage({
    address,
    packages: loadProtos(),
    tlsRoots: rootsFor(gateway),
    adminKey,
    announced: { model, version, files: [...files], by, digest, noWait: !options.wait },
    folder,
    onProgress: progress.add,
    ...(options.timeout === undefined ? {} : { deadline: Date.now() + gateway.timeoutMs }),
  }).catch((error: unknown) => {
    throw failureAt(address, error);
  });
};

const rootsFor = ({ server, tlsRoots }: GatewayOptions): Buffer | undefined =>
  server.startsWith('https:') ? (tlsRoots ?? Buffer.alloc(0)) : undefined;

/** The connection failed, or was lost, before there was an answer. */
const failureAt = (address: string, error: unknown): unknown =>
  error instanceof Error && 'code' in error && error.code === 'RUNTIME_LOST'
    ? unreachable(address, error.message)
    : error;

const stateWord = ({ state }: PublishReleaseResponse__Output): string =>
  state.replace(/^RELEASE_STATE_/, '').toLowerCase();

const failUnlessServed = (answer: PublishReleaseResponse__Output): void => {
  if (answer.state === 'RELEASE_STATE_READY') return;
  const { name = '', version = '' } = answer.release ?? {};
  const message = `${name} ${version} is in the store, but does not answer (${stateWord(answer)}): ${answer.reason}`;
  throw new CommandFailure(message, { code: 'NOT_SERVED', exitCode: exitCodes.failed });
};

const asTable = (
  { model, version, digest, files, bytes }: LocalPackage,
  answer: PublishReleaseResponse__Output,
): string => {
  const { alreadyThere, published } = answer;
  const when = published === null ? '' : `${published.at} by ${published.by}`;
  return formatPairs([
    ['model', model],
    ['version', version],
    ['digest', digest],
    ['files', `${files.length}, ${bytes} bytes`],
    ['published', alreadyThere ? `${when || 'by hand'}: it was there already` : when],
    ['state', stateWord(answer)],
    ['next', nextOf(model, version, answer)],
  ]);
};

const nextOf = (model: string, version: string, answer: PublishReleaseResponse__Output): string =>
  answer.state === 'RELEASE_STATE_READY'
    ? `sluice predict ${model} --version ${version} --set name=value …`
    : `sluice models get ${model} --version ${version}`;
