import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Type } from 'protobufjs';
import type { HttpRequest } from '../http/route.ts';
import { fromProtoJson } from './proto-json.ts';

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false };

/**
 * A message whose fields are the parameters of a query, under the names that JSON has for them or those of the proto.
 * @throws SluiceError MALFORMED_REQUEST naming the parameter
 */
export const queryMessage = <Message>(type: Type, query: HttpRequest['query']): Message => {
  const json: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string')
      throw new SluiceError(
        'MALFORMED_REQUEST',
        `query parameter ${name}: expected it once, got it several times`,
      );
    const field = type.fieldsArray.find((each) => each.name === name || each.protoName === name);
    if (field === undefined) {
      const known = type.fieldsArray.map(({ jsonName }) => jsonName).join(', ');
      throw new SluiceError('MALFORMED_REQUEST', `query parameter ${name}: expected one of ${known}`);
    }
    json[name] = field.type === 'bool' ? (booleans[value] ?? value) : value;
  }
  return fromProtoJson<Message>(type, json);
};
