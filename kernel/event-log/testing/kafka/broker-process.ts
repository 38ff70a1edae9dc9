import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brokerUser } from './broker-properties.ts';

const run = promisify(execFile);

/** A Java that starts quickly and stays small. */
const javaOptions = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx320m'];
const clusterId = 'c2x1aWNlLXRlc3Qta2Fmaw';

/** What is said at most about why it ended. */
const maxSaid = 20;

/** A Kafka that runs, or did. */
export interface BrokerProcess {
  readonly pid: number;
  /** kill -9, awaited. */
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** What it said when it has ended. */
  ended(): string | undefined;
}

const scramUsers = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
  '--add-scram',
  `${mechanism}=[name=${brokerUser.username},password=${brokerUser.password}]`,
]);

/** Runs a Java class of Kafka's; what it says. */
export const runTool = async (
  libs: string,
  main: string,
  args: readonly string[],
  input = '',
): Promise<string> => {
  const running = run('java', [...javaOptions, '-cp', join(libs, '*'), main, ...args]);
  running.child.stdin?.end(input);
  return (await running).stdout;
};

/** Makes the folder that a server.properties names one of Kafka's. */
export const formatFolder = async (libs: string, properties: string): Promise<void> => {
  await runTool(libs, 'kafka.tools.StorageTool', [
    'format',
    '-t',
    clusterId,
    '-c',
    properties,
    ...scramUsers,
  ]);
};

/**
 * The shell becomes Java; what it leaves behind waits for the end of its standard input, which comes when this process
 * ends, however it does, and kills Java then.
 */
const guarded = 'exec 3<&0; (cat <&3; kill -9 $$) >/dev/null 2>&1 & exec java "$@" 3<&- </dev/null';

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

export const launchBroker = (libs: string, properties: string): BrokerProcess => {
  const args = [...javaOptions, '-cp', join(libs, '*'), 'kafka.Kafka', properties];
  const child = spawn('/bin/sh', ['-c', guarded, 'kafka', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said: string[] = [];
  const keep = (text: unknown): void => {
    said.push(String(text));
    if (said.length > maxSaid) said.shift();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.once('exit', () => child.stdin.destroy());
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      if (hasEnded(child)) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    signal: (name) => void child.kill(name),
    ended: () => (hasEnded(child) ? said.join('') : undefined),
  };
};
