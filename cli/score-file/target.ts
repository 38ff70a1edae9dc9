import { z } from 'zod';
import { release as releaseSchema } from '../answers.ts';
import type { Column } from '../export/column-set.ts';
import { call, type GatewayOptions, releasePath } from '../gateway-client.ts';
import { outputColumns } from './output/output-columns.ts';

export interface TargetFeature {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
}

/** The one release that answers all rows, wherever an alias moves meanwhile. */
export interface Target {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly features: readonly TargetFeature[];
  /** `output.<name>` */
  readonly outputs: readonly Column[];
}

const text = z.string().default('');
const signatureAnswer = z.object({
  signature: z.object({
    outputs: z.array(z.object({ name: text, shape: z.array(z.coerce.number()).default([]) })).default([]),
    features: z.array(z.object({ name: text, type: text, required: z.boolean().default(false) })).default([]),
    outputSchema: z.string().default('{}'),
  }),
});

/** @throws CommandFailure the gateway's, for an unknown model or version */
export const findTarget = async (
  gateway: GatewayOptions,
  model: string,
  selector: string | undefined,
): Promise<Target> => {
  const found = await call(gateway, 'GET', releasePath('v1', model, selector));
  const { version, digest } = z.object({ release: releaseSchema }).parse(found).release.release;
  const answer = await call(gateway, 'GET', `${releasePath('v1', model, version)}/signature`);
  const { signature } = signatureAnswer.parse(answer);
  const { features, outputs, outputSchema } = signature;
  return { model, version, digest, features, outputs: outputColumns(JSON.parse(outputSchema), outputs) };
};
