import { hostname, userInfo } from 'node:os';

/** Who makes a revision, as it is kept in it: ada@laptop. */
export const author = (): string => `${userInfo().username}@${hostname()}`;
