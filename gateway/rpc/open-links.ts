import type { Log } from '@sluice/kernel/telemetry/log';
import type { Packages } from '@sluice/protos/load';
import type { GatewayConfig } from '../config.ts';
import type { Quarantine } from '../core/quarantine.ts';
import { RuntimeLink } from './runtime-link.ts';

export interface LinksOptions {
  readonly config: GatewayConfig;
  readonly log: Log;
  readonly protos: Packages;
  readonly quarantine: Quarantine;
  readonly stack: AsyncDisposableStack;
}

/** Opens the link to every runtime of the configuration. */
export const openLinks = ({ config, log, protos, quarantine, stack }: LinksOptions): RuntimeLink[] =>
  config.RUNTIME_URLS.map((address) =>
    stack.use(
      new RuntimeLink({
        address,
        packages: protos,
        maxMessageBytes: config.MAX_MESSAGE_BYTES,
        log,
        onLost: (releases) => {
          for (const release of releases) {
            if (quarantine.lost(release))
              log.error(
                { ...release },
                `${release.model} ${release.version} took down two runtimes: in quarantine`,
              );
          }
        },
      }),
    ),
  );
