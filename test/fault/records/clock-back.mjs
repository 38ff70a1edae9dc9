/** Loaded before a process's own code: at SIGUSR2 its clock is set back by an hour. */
const hourMs = 3_600_000;
const now = Date.now;
let backMs = 0;
Date.now = () => now() - backMs;
globalThis.Date = class extends Date {
  constructor(...given) {
    if (given.length === 0) super(Date.now());
    else super(...given);
  }
};
process.on('SIGUSR2', () => {
  backMs += hourMs;
});
