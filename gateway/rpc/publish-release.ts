import { clientStream } from '@sluice/kernel/rpc/client-stream';
import type { RpcEnvironment } from '@sluice/kernel/rpc/unary';
import type { ModelServiceHandlers } from '@sluice/protos/gen/sluice/v1/ModelService';
import type { PublishReleaseRequest__Output } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import type { PublishReleaseResponse } from '@sluice/protos/gen/sluice/v1/PublishReleaseResponse';
import type { Publish, Published } from '../publish/publisher.ts';

const encodePublished = ({
  release,
  published,
  alreadyThere,
  state,
  reason,
}: Published): PublishReleaseResponse => ({
  release: { name: release.model, version: release.version, digest: release.digest },
  alreadyThere,
  published: published ?? null,
  state: `RELEASE_STATE_${state}`,
  reason,
});

/** Takes a release from whoever has the admin key. */
export const publishRelease = (
  publish: Publish,
  environment: RpcEnvironment,
): ModelServiceHandlers['PublishRelease'] =>
  clientStream<PublishReleaseRequest__Output, PublishReleaseResponse>(
    environment,
    'sluice.v1.ModelService/PublishRelease',
    async ({ messages, header, scope }) => {
      const { peer, abort } = scope;
      const authorization = header('authorization');
      return encodePublished(await publish({ messages, authorization, peer, signal: abort.signal }));
    },
  );
