import { Command } from 'commander';
import { CommandFailure, exitCodes } from '../../command-failure.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../../options.ts';
import { formatReleaseTest } from '../../output/release-test.ts';
import { readPackage } from '../../package/read-package.ts';
import { stopSignals } from '../../start/stop-signals.ts';
import type { Terminal } from '../../terminal.ts';
import { loadReleaseTest } from '../in-checkout.ts';

/** As shells have it for Ctrl-C. */
const INTERRUPTED = 130;

/** `sluice release test FOLDER`: golden cases and the accuracy gate, asked of the server's own programs. */
export const testCommand = (terminal: Terminal): Command =>
  new Command('test')
    .description('golden cases and accuracy gate, by a gateway and a runtime over a store of their own')
    .argument('<folder>')
    .action(async (folder: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { runReleaseTest } = await loadReleaseTest();
      const signals = stopSignals();
      const { timeoutMs } = gatewayOf(options, terminal);
      const given = await readPackage(folder);
      const report = await runReleaseTest(given, { timeoutMs, ...signals }).catch((error: unknown) => {
        if (!signals.stop.aborted) throw error;
        throw new CommandFailure('stopped', { code: 'INTERRUPTED', exitCode: INTERRUPTED });
      });
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(isJson ? `${JSON.stringify(report, null, 2)}\n` : formatReleaseTest(report));
      if (report.passed) return;
      throw new CommandFailure(`${report.model} ${report.version} did not pass`, {
        code: 'TEST_FAILED',
        exitCode: exitCodes.failed,
      });
    });
