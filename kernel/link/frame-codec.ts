import { ByteReader } from '../protobuf/byte-reader.ts';
import { ByteWriter } from '../protobuf/byte-writer.ts';
import { messageFields, type WriteMessage } from '../protobuf/fields.ts';

/**
 * Frames of which one kind of parts is written and read by hand: those that each request brings. protobufjs makes an
 * object for each number of a part until it is written, and copies each part that it reads. All else of a frame, which is
 * rare, stays with it: in protobuf a message is the sum of its parts.
 */

/** From so many bytes on protobufjs writes the frame: it copies them once, and its objects are few for so much. */
export const largePart = 16 * 1024;

/** Writes a frame: parts, as the field that lists them, and the other fields as protobufjs wrote them. */
export const partsWriter = <Part>(
  field: number,
  write: WriteMessage<Part>,
): ((parts: readonly Part[], rest: Uint8Array) => Buffer) => {
  const out = new ByteWriter();
  return (parts, rest) => {
    out.reset();
    messageFields(out, field, parts, write);
    out.raw(rest);
    // A frame may still wait to be sent when the next one is written.
    return Buffer.from(out.written);
  };
};

/** Reads one part, whose length comes next. `likely`: the one before it, which it resembles. */
export type ReadPart<Part> = (from: ByteReader, likely: Part | undefined) => Part;

export interface TakenApart<Part> {
  readonly parts: Part[];
  /** The other fields of the frame. */
  readonly rest: Buffer;
}

const noRest = Buffer.alloc(0);

/** Takes a frame apart. @throws RangeError for bytes that end too soon */
export const partsReader = <Part>(
  field: number,
  read: ReadPart<Part>,
): ((frame: Buffer) => TakenApart<Part>) => {
  const from = new ByteReader();
  let likely: Part | undefined;
  return (frame) => {
    const parts: Part[] = [];
    const others: Buffer[] = [];
    from.reset(frame);
    for (let start = 0; from.isBefore(frame.length); start = from.at) {
      if (from.tag() === field) {
        likely = read(from, likely);
        parts.push(likely);
      } else {
        from.skip();
        others.push(frame.subarray(start, from.at));
      }
    }
    return { parts, rest: others.length === 0 ? noRest : Buffer.concat(others) };
  };
};
