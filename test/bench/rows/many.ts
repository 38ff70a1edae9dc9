import { inferTrees } from '../load/infer-questions.ts';
import type { Row } from './row.ts';
import { unaryRow } from './unary.ts';
import { oneGateway, row64 } from './usual.ts';

/** Many models, many connections, several gateways. */
export const manyRows = (): Row[] => {
  const ask = { section: 'many', question: inferTrees(1), against: oneGateway } as const;
  // So many connections that the system deals out about half of them to each of two.
  const gateways = { ...ask, shape: { connections: 16, streams: 4 } } as const;
  return [
    row64({
      ...ask,
      name: 'models-100',
      title: 'ModelInfer, 64 in flight, 100 loaded models',
      system: 'sluice-100-models',
    }),
    ...[1, 64, 1_000].map((connections) =>
      unaryRow({
        ...ask,
        name: `connections-${connections}`,
        title: `ModelInfer, ${connections} connection${connections === 1 ? ' with 64 in flight' : 's with 1 in flight each'}`,
        system: 'sluice',
        shape: { connections, streams: connections === 1 ? 64 : 1 },
      }),
    ),
    unaryRow({
      ...gateways,
      name: 'gateways-1',
      title: 'ModelInfer, 16 connections with 4 in flight each, one gateway',
      system: 'sluice',
      against: oneGateway,
    }),
    unaryRow({
      ...gateways,
      name: 'gateways-2',
      title: 'ModelInfer, 16 connections with 4 in flight each, two gateways on one port',
      system: 'sluice-2-gateways',
      against: { label: '`gateways-1`', rows: ['gateways-1'] },
    }),
  ];
};
