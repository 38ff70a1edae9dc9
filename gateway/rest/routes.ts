import type { MessageTypes } from '@sluice/kernel/protobuf/load-types';
import type { DoorOptions } from '../predict/door.ts';
import { jsonAnswer } from './http/http-answer.ts';
import type { Probe, Route } from './http/route.ts';
import { oipProbes, oipRoutes } from './oip/routes.ts';
import { openApiDocument } from './openapi/document.ts';
import { operationsProbes, type ProbeOptions } from './ops/probes.ts';
import { sluiceRoutes } from './sluice/routes.ts';

export interface RouteTable {
  readonly routes: readonly Route[];
  readonly probes: readonly Probe[];
}

export type RouteTableOptions = ProbeOptions &
  Pick<DoorOptions, 'backend' | 'handle' | 'predictions' | 'streams'>;

/** Everything that the HTTP door answers, but for /docs. The server and /openapi.json are both made from it. */
export const routeTable = (options: RouteTableOptions, types: MessageTypes): RouteTable => {
  const routes = [...sluiceRoutes(options, types), ...oipRoutes(options.backend, types)];
  const described: Probe = {
    method: 'GET',
    path: '/openapi.json',
    operation: {
      id: 'openapi',
      tag: 'operations',
      summary: 'This document',
      answers: { type: 'application/json', schema: { type: 'object' } },
    },
    probe: () => document,
  };
  const probes = [...operationsProbes(options), ...oipProbes(options.backend), described];
  const document = jsonAnswer(openApiDocument([...routes, ...probes], types));
  return { routes, probes };
};
