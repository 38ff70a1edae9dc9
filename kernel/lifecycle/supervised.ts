/**
 * Calls back when the supervisor is gone. The channel that it opened closes with it, however it
 * dies; a process that was started by hand has no channel.
 */
export const onSupervisorGone = (callback: () => void): void => {
  if (process.channel === undefined || process.channel === null) return;
  process.channel.unref();
  process.once('disconnect', callback);
};
