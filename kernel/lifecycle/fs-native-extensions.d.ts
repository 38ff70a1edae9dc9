/** What is used of a package that has no types of its own. */
declare module 'fs-native-extensions' {
  /** False: somebody else has a lock on the file. */
  export function tryLock(fd: number): boolean;
}
