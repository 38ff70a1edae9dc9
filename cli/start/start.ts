import { writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitUnavailable, exitUsage } from '@sluice/kernel/config/command-line';
import { adminKeyHash } from './admin-key.ts';
import { bannerText } from './banner.ts';
import { findPortFaults } from './check-ports.ts';
import { createPrettyFormat, formatJson, type LogFormat } from './log-format.ts';
import { createLogSink, type LogSink, SUPERVISOR } from './log-sink.ts';
import type { ProcessSpec } from './process-spec.ts';
import { processTable } from './process-table.ts';
import { reachable } from './reachable.ts';
import { seedStore } from './seed-store.ts';
import { PORT_VARIABLES, parseSettings, type StartSettings } from './settings.ts';
import { stopSignals } from './stop-signals.ts';
import { supervise } from './supervise.ts';

/** On top of the drain time; more than a process gives itself (kernel/lifecycle), so that it ends by itself. */
const STOP_MARGIN_MS = 6000;

export interface StartOptions {
  /** Restart a process when its files change. */
  readonly watch: boolean;
}

/** `sluice start`: runs the embedded default in the foreground and answers the exit code. */
export const start = async ({ watch }: StartOptions): Promise<number> => {
  const repository = resolve(import.meta.dirname, '../..');
  const parsed = parseSettings(process.env, process.cwd());
  if ('error' in parsed) return fail(exitUsage, parsed.error);
  const settings = parsed.value;
  const adminKeySha256 = process.env['ADMIN_KEY_SHA256'] || (await adminKeyHash(settings.home));
  const processes = processTable(settings, repository, adminKeySha256);
  const faults = await findPortFaults(processes);
  if (faults.length > 0) return fail(exitUnavailable, faults);
  const signals = stopSignals();
  // Nobody reads the log any more: as if the terminal had been closed.
  process.stdout.once('error', () => process.kill(process.pid, 'SIGHUP'));
  const format = await chooseFormat(processes);
  const log = createLogSink({ out: process.stdout, format, environment: settings.environment });
  await seed(settings, repository, log);
  const exitCode = await supervise({
    processes,
    log,
    graceMs: settings.drainMs + STOP_MARGIN_MS,
    watch,
    stop: signals.stop,
    kill: signals.kill,
    onAllReady: () => process.stderr.write(bannerText(processes, targetOf(settings))),
  });
  return signals.kill.aborted ? 130 : exitCode;
};

const seed = async (settings: StartSettings, repository: string, log: LogSink): Promise<void> => {
  if (!settings.storeIsEmbedded) return;
  const seeded = await seedStore(join(repository, 'models/store'), join(settings.home, 'store'));
  if (seeded.length === 0) return;
  log.event('info', `store seeded with ${seeded.join(', ')}`);
};

const chooseFormat = async (processes: readonly ProcessSpec[]): Promise<LogFormat> => {
  if (!process.stdout.isTTY) return formatJson;
  const { prettyFactory } = await import('pino-pretty');
  const names = [SUPERVISOR, ...processes.map((spec) => spec.name)];
  return createPrettyFormat(prettyFactory, names, process.stdout.hasColors());
};

const targetOf = ({ bindHost, ports, tls }: StartSettings) => ({
  url: `${tls ? 'https' : 'http'}://${reachable(bindHost)}:${ports.gatewayHttp}`,
  isDefault: !tls && ports.gatewayHttp === PORT_VARIABLES.gatewayHttp.defaultPort,
});

/** Synchronous, so that nothing is lost at exit. */
const fail = (exitCode: number, faults: readonly string[]): number => {
  writeSync(process.stderr.fd, `sluice start: ${faults.join('\n              ')}\n`);
  return exitCode;
};
