import { inFlight } from '../load/run-question.ts';
import type { Comparison, Row } from './row.ts';
import { type UnaryOptions, unaryRow } from './unary.ts';

/** The better of both settings of MLServer. */
export const mlserver = (suffix: string): Comparison => ({
  label: 'MLServer',
  rows: [`mlserver-0-${suffix}`, `mlserver-1-${suffix}`],
});
export const oneGateway: Comparison = { label: '`unary-64`', rows: ['unary-64'] };

/** As most rows ask: 64 requests in flight over four connections. */
export const row64 = (options: Omit<UnaryOptions, 'shape'>): Row =>
  unaryRow({ ...options, shape: inFlight(64) });

/** HTTP/1.1 has one request in flight on a connection. */
export const rest64 = (options: Omit<UnaryOptions, 'shape' | 'section'>): Row =>
  unaryRow({ ...options, section: 'doors', shape: { connections: 64, streams: 1 } });

/** One row with each setting. */
export const bothMlservers = (
  suffix: string,
  title: string,
  options: Pick<UnaryOptions, 'section' | 'question' | 'shape'>,
): Row[] =>
  ([0, 1] as const).map((workers) =>
    unaryRow({
      ...options,
      name: `mlserver-${workers}-${suffix}`,
      title: `MLServer, parallel_workers ${workers}, ${title}`,
      system: `mlserver-${workers}`,
    }),
  );
