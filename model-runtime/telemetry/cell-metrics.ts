import type { ReleaseName } from '@sluice/kernel/release/release';
import {
  AggregatorRegistry,
  Counter,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  type Registry,
} from 'prom-client';
import type { Cell, CellEnd } from '../cells/cell.ts';
import type { MetricsJson } from '../cells/messages.ts';
import type { ReleaseCells } from '../cells/release-cells.ts';

type Metric = MetricObjectWithValues<MetricValue<string>>;

export interface CellMetrics {
  /** To be told of each end, with what the cell told of its metrics last. */
  readonly ended: (release: ReleaseName, end: CellEnd, metrics: MetricsJson) => void;
  /** The runtime's metrics and those of its cells, those that have ended too. */
  readonly merged: Pick<Registry, 'contentType' | 'metrics'>;
}

/** Longest wait for cells at a scrape; one that computes is late, and stands there as it was last. */
const answerMs = 100;
const counted = ['crashed', 'hung'] as const;
const labelNames = ['model', 'version'] as const;

/** Aggregated metrics have their values beside their functions. */
const add = (parts: readonly (readonly Metric[])[]): Metric[] =>
  AggregatorRegistry.aggregate([...parts]).getMetricsAsArray() as unknown as Metric[];

/** Metrics of the runtime alone stay as they are: some would be left out as senseless in a sum. */
const asTheyAre = (own: readonly Metric[], shared: ReadonlySet<string>): Metric[] =>
  own.map((metric) => (shared.has(metric.name) ? metric : { ...metric, aggregator: 'first' }));

const within = (ms: number, promise: Promise<unknown>): Promise<unknown> => {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

const labelsOf = ({ release: { model, version } }: ReleaseCells) => ({ model, version });

type Ends = Counter<'model' | 'version' | 'reason'>;

const registerEnds = (registry: Registry, all: () => readonly ReleaseCells[]): Ends =>
  new Counter({
    name: 'sluice_runtime_cell_ends_total',
    help: 'Cells that crashed, or hung and were killed',
    labelNames: [...labelNames, 'reason'],
    registers: [registry],
    collect() {
      for (const cells of all()) for (const reason of counted) this.inc({ ...labelsOf(cells), reason }, 0);
    },
  });

/** What becomes of cells, and what they measure themselves. */
export const registerCellMetrics = (registry: Registry, all: () => readonly ReleaseCells[]): CellMetrics => {
  const ends = registerEnds(registry, all);
  new Gauge({
    name: 'sluice_runtime_cells',
    help: 'Cells that serve',
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const each of all())
        this.set(labelsOf(each), each.cells.filter(({ link }) => link !== undefined).length);
    },
  });
  /** A counter must not fall when its cell is gone. */
  let past: Metric[] = [];
  const living = (): Cell[] => all().flatMap(({ cells }) => cells.filter(({ port }) => port !== undefined));
  return {
    ended: ({ model, version }, { kind }, metrics) => {
      if (kind === 'crashed' || kind === 'hung') ends.inc({ model, version, reason: kind });
      const lasting = (metrics as readonly Metric[]).filter(({ type }) => String(type) !== 'gauge');
      past = add([past, lasting]);
    },
    merged: {
      contentType: registry.contentType,
      metrics: async () => {
        await within(answerMs, Promise.all(living().map((cell) => cell.askMetrics())));
        const own = (await registry.getMetricsAsJSON()) as Metric[];
        const cells = [past, ...living().map(({ metrics }) => metrics as readonly Metric[])];
        const shared = new Set(cells.flatMap((metrics) => metrics.map(({ name }) => name)));
        return AggregatorRegistry.aggregate([asTheyAre(own, shared), ...cells]).metrics();
      },
    },
  };
};
