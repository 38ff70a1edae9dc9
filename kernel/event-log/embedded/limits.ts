/** Bounds of an embedded log; what is beyond them is refused with INVALID_INPUT. */

export const maxTopics = 1_000;
export const maxPartitions = 1_024;
/** Of a group, and of the id of a transactor. */
export const maxNameLength = 255;
/** Of one send or transaction, which is one step on the disk: nobody else can write meanwhile. */
export const maxSendBytes = 32 * 1024 ** 2;
/** Messages of one send lie together on the disk, this many bytes at a time: what is read and removed as one. */
export const maxChunkBytes = 32 * 1024;
