import type { BoundModel, Scored, ScoreRequest } from '../gateway-link.ts';

/** What becomes of an event, as a promise. */
export const score = (model: Pick<BoundModel, 'score'>, request: ScoreRequest): Promise<Scored> =>
  new Promise((scored, failed) => model.score(request, { scored, failed }));
