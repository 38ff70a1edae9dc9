/** What is used of it; the package has no types of its own. */
declare module 'fs-native-extensions' {
  /** An exclusive lock of the file that is open for writing; false: somebody else has it. */
  export const tryLock: (fd: number) => boolean;
  /** The same lock; the thread waits until nobody else has it. */
  export const waitForLockSync: (fd: number) => void;
  export const unlock: (fd: number) => void;
}
