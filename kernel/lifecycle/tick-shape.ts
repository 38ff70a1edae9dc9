import { createHook } from 'node:async_hooks';

const kept: object[] = [];

/**
 * Keeps process.nextTick() quick in this thread (docs/adr/0034-ticks-keep-their-shape.md). Node makes an object of each
 * tick by a literal with symbols for keys; once V8 has collected its hidden class, as it does after some major
 * collections without a tick, it never learns the next one, and each tick takes three times as long from then on. One
 * tick that lives as long as the thread keeps the class alive.
 */
export const keepTickShape = (): void => {
  const init = (_id: number, type: string, _trigger: number, resource: object): void => {
    if (type === 'TickObject') kept.push(resource);
  };
  const hook = createHook({ init, trackPromises: false }).enable();
  process.nextTick(() => undefined);
  hook.disable();
};
