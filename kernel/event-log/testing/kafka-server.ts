import { appendFile, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeBlock } from '../../testing/free-port.ts';
import { type BrokerProcess, formatFolder, launchBroker, runTool } from './kafka/broker-process.ts';
import { type BrokerPorts, brokerProperties } from './kafka/broker-properties.ts';
import { kafkaLibs, reasonToSkipKafka } from './kafka/kafka-libs.ts';
import { untilReady } from './kafka/until-ready.ts';

/** A real Kafka of one node. */
export interface KafkaServer extends AsyncDisposable {
  /** EVENT_LOG_URL of the door without encryption and names, through which everything is allowed. */
  readonly url: string;
  readonly ports: BrokerPorts;
  /** Of its process, until it is killed. */
  readonly pid: number;
  /** kill -9, awaited. */
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Starts it again, on its ports and with what it holds, killing it before where it runs. */
  restart(): Promise<void>;
  /** Runs one of Kafka's own tools, a Java class with these arguments; what it says. */
  tool(main: string, args: readonly string[], input?: string): Promise<string>;
}

export interface KafkaOptions {
  /** PEM files. Given: it has doors with TLS and with names (brokerUser), and rules about rights. */
  readonly certificate?: { readonly certFile: string; readonly keyFile: string };
  readonly port?: number;
  /** Of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Addresses of a Kafka that runs already, which the tests then take: host:port, separated by commas. */
const given = process.env['TEST_KAFKA_BROKERS'] ?? '';

const found = await kafkaLibs();
/** Why tests that start a Kafka are skipped; false: they run. In CI they do. */
export const skipKafka: string | false = reasonToSkipKafka(found, process.env) ?? false;
if (skipKafka !== false) console.error(`\n*** SKIPPED: ${skipKafka} ***\n`);
/** Why tests are skipped for which any Kafka will do. */
export const skipAnyKafka = given === '' ? skipKafka : false;

const choosePorts = async (port?: number): Promise<BrokerPorts> => {
  const first = await freeBlock([0, 1, 2, 3]);
  return { plain: port ?? first, controller: first + 1, tls: first + 2, saslTls: first + 3 };
};

const chainOf = async (folder: string, { certFile, keyFile }: NonNullable<KafkaOptions['certificate']>) => {
  const chainFile = join(folder, 'chain.pem');
  await copyFile(keyFile, chainFile);
  await appendFile(chainFile, await readFile(certFile));
  return { certFile, chainFile };
};

const launch = async (libs: string, properties: string, brokers: string): Promise<BrokerProcess> => {
  const broker = launchBroker(libs, properties);
  try {
    await untilReady(brokers, () => broker.ended());
    return broker;
  } catch (error) {
    await broker.kill();
    throw error;
  }
};

/** Starts one on free ports, in a folder that goes with it; whoever calls looks at skipKafka before. */
export const startKafka = async ({
  certificate,
  port,
  properties = {},
}: KafkaOptions = {}): Promise<KafkaServer> => {
  if (!('folder' in found)) throw new Error(found.missing);
  const libs = found.folder;
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-kafka-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const ports = await choosePorts(port);
  const file = join(folder, 'server.properties');
  const chain = certificate && (await chainOf(folder, certificate));
  await writeFile(file, brokerProperties({ folder, ports, certificate: chain, properties }));
  await formatFolder(libs, file);
  const brokers = `127.0.0.1:${ports.plain}`;
  let broker = await launch(libs, file, brokers);
  starting.defer(() => broker.kill());
  const stack = starting.move();
  return {
    url: `kafka://${brokers}`,
    ports,
    get pid() {
      return broker.pid;
    },
    kill: () => broker.kill(),
    signal: (name) => broker.signal(name),
    restart: async () => {
      await broker.kill();
      broker = await launch(libs, file, brokers);
    },
    tool: (main, args, input) => runTool(libs, main, args, input),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};

/** A Kafka for tests that neither kill it nor need doors of its own: that of TEST_KAFKA_BROKERS, else a new one. */
export const anyKafka = async (): Promise<Pick<KafkaServer, 'url' | typeof Symbol.asyncDispose>> =>
  given === '' ? startKafka() : { url: `kafka://${given}`, [Symbol.asyncDispose]: async () => undefined };
