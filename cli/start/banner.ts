import type { BoundAddress, ProcessSpec } from './process-spec.ts';
import { reachable } from './reachable.ts';

/** Where the banner's commands point. */
export interface BannerTarget {
  /** The gateway's HTTP door, e.g. `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Whether it is the door that the CLI knocks at by itself. */
  readonly isDefault: boolean;
}

/** Every bound address, and three commands that work as they stand. */
export const bannerText = (processes: readonly ProcessSpec[], target: BannerTarget): string => {
  const rows = processes.flatMap((spec) =>
    spec.addresses.map((address) => [`${spec.name} ${address.label}`, urlOf(address)] as const),
  );
  const width = Math.max(...rows.map(([what]) => what.length));
  const server = target.isDefault ? '' : ` --server ${target.url}`;
  return [
    '',
    'Sluice is ready.',
    '',
    ...rows.map(([what, url]) => `  ${what.padEnd(width)}  ${url}`),
    '',
    'Try:',
    `  curl -s ${target.url}/v1/models/churn:predict -H 'content-type: application/json' -d '${JSON.stringify({ features: EXAMPLE_FEATURES })}'`,
    `  npx sluice${server} predict churn ${Object.entries(EXAMPLE_FEATURES)
      .map(([key, value]) => `--set ${key}=${quote(String(value))}`)
      .join(' ')}`,
    `  ${target.url}/docs`,
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
};

/** The required features of churn and one more; the others may be missing. */
const EXAMPLE_FEATURES = {
  tenure: 5,
  monthly_charges: 85.5,
  contract: 'Month-to-month',
  internet_service: 'Fiber optic',
};

/** The addresses as fields of a log line: `{"addresses": {"gateway HTTP": "http://…"}}`. */
export const describeReadiness = (processes: readonly ProcessSpec[]): Record<string, unknown> => ({
  addresses: Object.fromEntries(
    processes.flatMap((spec) =>
      spec.addresses.map((address) => [`${spec.name} ${address.label}`, urlOf(address)]),
    ),
  ),
});

const urlOf = (address: BoundAddress): string => {
  const authority = `${reachable(address.host)}:${address.port}`;
  return address.scheme === 'grpc' ? authority : `${address.scheme}://${authority}`;
};

const quote = (text: string): string =>
  /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
