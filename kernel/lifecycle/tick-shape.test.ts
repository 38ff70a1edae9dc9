import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

/** Whether the ticks of a process of its own have the same hidden class before and after collections without a tick. */
const keepsItsShape = (before: string): boolean => {
  const program = `${before}
    import { createHook } from 'node:async_hooks';
    const print = () => {
      let tick;
      const init = (id, type, trigger, resource) => { tick = resource; };
      const hook = createHook({ init, trackPromises: false }).enable();
      process.nextTick(() => undefined);
      hook.disable();
      %DebugPrint(tick);
    };
    print();
    const shapes = [];
    for (let round = 0; round < 10; round += 1) {
      await new Promise(setImmediate);
      gc();
      // Where a class was collected there is another one now.
      for (let id = 0; id < 1_000; id += 1) shapes.push({ ['at' + round + '_' + id]: id });
    }
    print();`;
  const flags = ['--allow-natives-syntax', '--expose-gc', '--input-type=module', '--eval', program];
  const printed = execFileSync(process.execPath, flags, { encoding: 'utf8' });
  const maps = [...printed.matchAll(/^DebugPrint:.*\n - map: (\w+)/gm)].map(([, map]) => map);
  assert.equal(maps.length, 2);
  return maps[0] === maps[1];
};

test('Node would lose the shape of its ticks to collections; then it does not', () => {
  assert.equal(keepsItsShape(''), false);
  const module = new URL('tick-shape.ts', import.meta.url).href;
  assert.equal(
    keepsItsShape(`import { keepTickShape } from ${JSON.stringify(module)}; keepTickShape();`),
    true,
  );
});
