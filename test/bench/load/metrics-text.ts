/** One line of a Prometheus page. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of one name. Values of labels that hold quotes are not read rightly; ours have none. */
export const readSamples = (text: string, name: string): MetricSample[] => {
  const lines = text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)`, 'gm'));
  return Array.from(lines, ([, labels = '', value]) => ({
    labels: Object.fromEntries(
      Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, key = '', text = '']) => [key, text]),
    ),
    value: Number(value),
  }));
};

/** How many of a gateway's requests ended in anything but an answer. */
export const readFailures = (text: string): number =>
  readSamples(text, 'sluice_request_seconds_count')
    .filter(({ labels }) => labels['code'] !== 'OK')
    .reduce((total, { value }) => total + value, 0);

/** How many of a gateway's requests were refused for want of room, and how many of those at once. */
export interface Refusals {
  readonly all: number;
  /** In at most 1 ms. */
  readonly fast: number;
}

/** Sums `sluice_request_seconds` over these codes. */
export const readRefusals = (text: string, codes: ReadonlySet<string>): Refusals => {
  const sum = (name: string, le?: string): number =>
    readSamples(text, name)
      .filter(({ labels }) => codes.has(labels['code'] ?? '') && labels['le'] === le)
      .reduce((total, { value }) => total + value, 0);
  return { all: sum('sluice_request_seconds_count'), fast: sum('sluice_request_seconds_bucket', '0.001') };
};
