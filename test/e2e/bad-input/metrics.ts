/** The value of a metric, summed over all series that have these labels; 0: there is none. */
export const metricValue = async (
  base: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<number> => {
  const text = await (await fetch(`${base}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const lines = text
    .split('\n')
    .filter(
      (line) =>
        (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) &&
        wanted.every((label) => line.includes(label)),
    );
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
};
