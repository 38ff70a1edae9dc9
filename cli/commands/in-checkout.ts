import { existsSync } from 'node:fs';
import { usageFailure } from '../command-failure.ts';

/**
 * What starts the processes, which are not part of the installed command: only a checkout has it, in a folder
 * beside this one, and beside that of the bundle.
 */
const SUPERVISOR = '../start/start.ts';

const requireCheckout = (command: string, advice: string): void => {
  if (existsSync(new URL(SUPERVISOR, import.meta.url))) return;
  throw usageFailure(`${command} works only in a checkout of the Sluice repository: there, type ${advice}`);
};

/** @throws CommandFailure USAGE outside of a checkout. */
export const loadSupervisor = async () => {
  requireCheckout('start', 'npm start');
  return await import('../start/start.ts');
};

/** @throws CommandFailure USAGE outside of a checkout. */
export const loadReleaseTest = async () => {
  requireCheckout('release test', 'npx sluice release test');
  return await import('../release-test/run-release-test.ts');
};

/** Its parts for this machine come as packages of their own. @throws CommandFailure USAGE outside of a checkout. */
export const loadEventLog = async () => {
  requireCheckout('what asks the event log', 'npx sluice with the same words');
  return await import('@sluice/kernel/event-log/open-event-log');
};
