import { join } from 'node:path';
import { protoDirectory } from '@sluice/protos/loader-options';
import { Root, type Type } from 'protobufjs';

/** A message type by its full name: `sluice.v1.PredictRequest`. @throws Error for a name that is in none of the files */
export type MessageTypes = (name: string) => Type;

/** Parses files of protos/, comments included, and all that they import. Call it once, in compose. */
export const loadTypes = (files: readonly string[]): MessageTypes => {
  const root = new Root();
  const bundled = root.resolvePath;
  root.resolvePath = (origin, target) =>
    target.startsWith('google/protobuf/') ? bundled(origin, target) : join(protoDirectory, target);
  root.loadSync([...files], { keepCase: false, alternateCommentMode: true }).resolveAll();
  return (name) => root.lookupType(name);
};
