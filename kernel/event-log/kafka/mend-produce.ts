import { createRequire } from 'node:module';
import { encodeProduce, leastVersion, type ProduceArguments } from './produce-request.ts';
import { type Encoder, putBefore } from './request-memory.ts';

const require = createRequire(import.meta.url);

interface ProduceRequest {
  readonly request: { readonly encode: () => Promise<unknown> };
  readonly response: unknown;
}
interface ProduceProtocol {
  protocol(options: { readonly version: number }): (request: ProduceArguments) => ProduceRequest;
}

/** What is sent is written in one go (record-batch.ts says why). */
const mendRequest = (): void => {
  const produce = require('kafkajs/src/protocol/requests/produce') as ProduceProtocol;
  const { protocol } = produce;
  produce.protocol = (options) => {
    const make = protocol(options);
    if (options.version < leastVersion) return make;
    return (given) => {
      const { request, response } = make(given);
      const encode = async (): Promise<unknown> => encodeProduce(given) ?? request.encode();
      return { request: { ...request, encode }, response };
    };
  };
};

/** What is sent is not copied (request-memory.ts says why). */
const mendEncoder = (): void => {
  const { prototype } = require('kafkajs/src/protocol/encoder') as {
    prototype: Encoder & { writeEncoder(value: Encoder): Encoder };
  };
  const { writeEncoder } = prototype;
  prototype.writeEncoder = function (value) {
    return putBefore(this, value) ? this : writeEncoder.call(this, value);
  };
};

/** What of kafkajs's way of sending is replaced; once, by mend.ts. */
export const mendProduce = (): void => {
  mendRequest();
  mendEncoder();
};
