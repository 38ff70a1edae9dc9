/** A process that does not answer by then computes something that it should not. */
const answerMs = 10_000;

/** The sum of a metric's samples whose labels contain `label`, for instance `model="echo"`. */
export const metricOf = async (operations: string, name: string, label = ''): Promise<number> => {
  const response = await fetch(`${operations}/metrics`, { signal: AbortSignal.timeout(answerMs) });
  const text = await response.text();
  const samples = text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label));
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
};

interface Gateway {
  readonly metrics: string;
}

/** Requests that runtimes have and have not answered, as the gateway counts them; one runtime, or all. */
export const inFlightOf = (gateway: Gateway, runtime = ''): Promise<number> =>
  metricOf(gateway.metrics, 'sluice_runtime_in_flight_requests', runtime);

export const redispatchesOf = (gateway: Gateway): Promise<number> =>
  metricOf(gateway.metrics, 'sluice_redispatch_total');

/** Requests that a runtime has computed; `metrics` is its host:port. */
export const computedBy = (runtime: Gateway, model: string): Promise<number> =>
  metricOf(`http://${runtime.metrics}`, 'sluice_runtime_batch_size_sum', `model="${model}"`);

/** Runtimes that are connected and not stopping. */
export const availableRuntimes = (gateway: Gateway): Promise<number> =>
  metricOf(gateway.metrics, 'sluice_runtime_available');
