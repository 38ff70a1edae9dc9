/** One byte that says "not compressed", four for the length. */
const prefixBytes = 5;

/** Messages as they stand one after the other in the body of a gRPC call. */
export const frameMessages = (messages: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(
    messages.flatMap((message) => {
      const prefix = Buffer.alloc(prefixBytes);
      prefix.writeUInt32BE(message.byteLength, 1);
      return [prefix, message];
    }),
  );

/** The size of a body that holds these messages. */
export const framedBytes = (messages: readonly Uint8Array[]): number =>
  messages.reduce((total, message) => total + prefixBytes + message.byteLength, 0);
