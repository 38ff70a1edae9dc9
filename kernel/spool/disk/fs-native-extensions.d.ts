/** What is used of it; the package has no types of its own. */
declare module 'fs-native-extensions' {
  /** An exclusive lock of the file that is open for writing; false: somebody else has it. */
  export const tryLock: (fd: number) => boolean;
}
