import type { ScorerReport__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScorerReport';
import type { StreamShare__Output } from '@sluice/protos/gen/sluice/v1/StreamShare';

/** What one scorer says of one stream. */
export interface ScorerShare {
  /** The scorer's own id. */
  readonly scorer: string;
  readonly share: StreamShare__Output;
}

/** What the scorers that are linked to this gateway say of their streams. */
export interface ScorerReports {
  /** Of one stream, by scorer; none: no scorer that is linked here has it. */
  sharesOf(stream: string): readonly ScorerShare[];
}

export interface ReportKeeper extends ScorerReports {
  /** Takes the place of what came over the same link before. */
  keep(link: object, report: ScorerReport__Output): void;
  /** The link has ended. */
  forget(link: object): void;
}

/** Keeps the latest report of each open link. Of a scorer that has two, since it came back, the later report counts. */
export const scorerReports = (): ReportKeeper => {
  const byLink = new Map<object, ScorerReport__Output>();
  const byScorer = (): ReadonlyMap<string, ScorerReport__Output> =>
    new Map([...byLink.values()].map((report) => [report.scorer, report]));
  return {
    keep: (link, report) => {
      byLink.delete(link);
      byLink.set(link, report);
    },
    forget: (link) => {
      byLink.delete(link);
    },
    sharesOf: (stream) =>
      [...byScorer().values()].flatMap(({ scorer, streams }) =>
        streams.filter(({ name }) => name === stream).map((share) => ({ scorer, share })),
      ),
  };
};
