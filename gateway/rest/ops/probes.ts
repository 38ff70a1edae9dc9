import { sluiceVersion } from '@sluice/kernel/version';
import type { DoorOptions } from '../../predict/door.ts';
import { jsonAnswer, textAnswer } from '../http/http-answer.ts';
import type { Probe } from '../http/route.ts';
import { type Operation, schemaRef } from '../openapi/operation.ts';

export interface ProbeOptions extends Pick<DoorOptions, 'config' | 'notReady' | 'models'> {
  /** Of the gRPC door, which is asked for here by who knows only this one. */
  readonly grpcPort: number;
}

const probe = (
  path: string,
  answers: Operation['answers'],
  summary: string,
  answer: Probe['probe'],
): Probe => ({
  method: 'GET',
  path,
  operation: { id: path.slice(1), tag: 'operations', summary, answers },
  probe: answer,
});

const describeHealth = ({ config, notReady, models, grpcPort }: ProbeOptions) => ({
  status: notReady() ?? 'ready',
  version: sluiceVersion,
  environment: config.SLUICE_ENVIRONMENT,
  grpc: `${config.BIND_HOST}:${grpcPort}`,
  revision: models.resolver().revision.revision,
  runtimes: models.servers.all().map(({ address, available }) => ({ address, available })),
  models: models.resolver().index.size,
});

/** What those look at who run the gateway. */
export const operationsProbes = (options: ProbeOptions): Probe[] => {
  const text = { type: 'text/plain', schema: { type: 'string' } };
  return [
    probe('/livez', text, 'Whether the process answers', () => textAnswer(200, 'live')),
    probe('/readyz', text, 'Whether requests can be served (503: not, and why)', () => {
      const why = options.notReady();
      return textAnswer(why === undefined ? 200 : 503, why ?? 'ready');
    }),
    probe('/health', { type: 'application/json', schema: schemaRef('Health') }, 'State in one look', () =>
      jsonAnswer(describeHealth(options)),
    ),
  ];
};
