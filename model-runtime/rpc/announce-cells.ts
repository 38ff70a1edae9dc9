import type { Cell } from '@sluice/protos/gen/sluice/runtime/v1/Cell';
import type { CellHost } from '../cells/cell-host.ts';

/** The cells that can be reached, as the link says it. */
export const announceCells = (host: Pick<CellHost, 'all'>): Cell[] =>
  host
    .all()
    .flatMap(({ release: { model, version }, cells }) =>
      cells.flatMap(({ port, ending }) => (port === undefined ? [] : [{ port, model, version, ending }])),
    );
