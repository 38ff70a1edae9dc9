/** Loaded before a process's own code: at SIGUSR2 its clock is set back by an hour. */
const hourMs = 3_600_000;
const now = Date.now;
let backMs = 0;
Date.now = () => now() - backMs;
globalThis.Date = new Proxy(Date, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [Date.now()] : given, newTarget) as Date,
});
process.on('SIGUSR2', () => {
  backMs += hourMs;
});
