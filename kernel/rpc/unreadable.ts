import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { messageOf } from '../errors/message-of.ts';
import { SluiceError } from '../errors/sluice-error.ts';

/** Stands for a message that is not what its method takes. */
class Unreadable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

type Method = MethodDefinition<object, object>;

const tolerantMethod = (method: Method): Method => ({
  ...method,
  requestDeserialize: (bytes) => {
    try {
      return method.requestDeserialize(bytes);
    } catch (error) {
      return new Unreadable(`the message is not what ${method.path} takes: ${messageOf(error)}`);
    }
  },
});

/**
 * A service whose handlers are given what cannot be read too, to be refused by `readable`. grpc-js
 * itself would end the call with INTERNAL, and a stream with answers under way not at all
 * (1.14.7: the status is lost when it is sent twice).
 */
export const tolerant = <S extends ServiceDefinition>(service: S): S =>
  Object.fromEntries(
    Object.entries(service).map(([name, method]) => [name, tolerantMethod(method as Method)]),
  ) as unknown as S;

/** The message. @throws SluiceError MALFORMED_REQUEST when it could not be read. */
export const readable = <In>(message: In): In => {
  if (message instanceof Unreadable) throw new SluiceError('MALFORMED_REQUEST', message.reason);
  return message;
};
