import { setTimeout as wait } from 'node:timers/promises';
import { CommandFailure } from '../command-failure.ts';
import { call, type GatewayOptions } from '../gateway-client.ts';

/** From the first try to the second; doubled from then on. */
const firstPauseMs = 50;
const longestPauseMs = 1_000;

export const predictionPath = (predictionId: string): string =>
  `/v1/predictions/${encodeURIComponent(predictionId)}`;

/**
 * The record of a prediction. One that is not visible yet, since another gateway answered it a moment ago, is waited
 * for.
 * @throws CommandFailure NOT_YET_VISIBLE when it still is not after so many milliseconds
 */
export const getPrediction = async (
  gateway: GatewayOptions,
  predictionId: string,
  waitMs: number,
): Promise<unknown> => {
  const endMs = performance.now() + waitMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await call(gateway, 'GET', predictionPath(predictionId));
    } catch (error) {
      const leftMs = endMs - performance.now();
      if (!(error instanceof CommandFailure) || error.code !== 'NOT_YET_VISIBLE' || leftMs <= 0) throw error;
      await wait(Math.min(pauseMs, leftMs));
    }
  }
};
