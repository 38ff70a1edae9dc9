import { z } from 'zod';
import { call, type GatewayOptions } from '../gateway-client.ts';
import type { FeedbackBody } from './feedback-body.ts';

const answer = z.object({ feedbackId: z.string().default('') });

/**
 * Sends one feedback; once it is acknowledged it is kept.
 * @returns its id
 * @throws CommandFailure with the gateway's code
 */
export const sendFeedback = async (gateway: GatewayOptions, feedback: FeedbackBody): Promise<string> => {
  const { predictionId, ...rest } = feedback;
  const path =
    predictionId === undefined
      ? '/v1/feedback'
      : `/v1/predictions/${encodeURIComponent(predictionId)}/feedback`;
  return answer.parse(await call(gateway, 'POST', path, rest)).feedbackId;
};
