import { type RpcEnvironment, unary } from '@sluice/kernel/rpc/unary';
import type { GetReleaseRequest__Output } from '@sluice/protos/gen/sluice/v1/GetReleaseRequest';
import type { GetSignatureRequest__Output } from '@sluice/protos/gen/sluice/v1/GetSignatureRequest';
import type { ModelServiceHandlers } from '@sluice/protos/gen/sluice/v1/ModelService';
import { getRelease, getSignature, listModels, type ModelsOptions } from '../predict/describe-models.ts';
import type { Publish } from '../publish/publisher.ts';
import { publishRelease } from './publish-release.ts';

const service = 'sluice.v1.ModelService';

/** What can be asked, and how; and how more comes there. */
export const modelService = (
  options: ModelsOptions,
  publish: Publish,
  environment: RpcEnvironment,
): ModelServiceHandlers => ({
  PublishRelease: publishRelease(publish, environment),
  ListModels: unary(environment, `${service}/ListModels`, () => ({ models: listModels(options) })),
  GetRelease: unary(
    environment,
    `${service}/GetRelease`,
    async ({ model, version }: GetReleaseRequest__Output) => ({
      release: await getRelease(options, model, version),
    }),
  ),
  GetSignature: unary(
    environment,
    `${service}/GetSignature`,
    ({ model, version }: GetSignatureRequest__Output) => getSignature(options, model, version),
  ),
});
