import type { Shrink } from '../ship/send-all.ts';

/** Values that begin with S can be made smaller. */
export const shrink: Shrink = (_, value) => (value[0] === 0x53 ? Buffer.from('smaller') : undefined);
