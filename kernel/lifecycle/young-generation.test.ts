import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const mebibyte = 1024 ** 2;

/** How large V8 makes the young generation, in MiB, of a process of its own in which much lives for a while. */
const grownTo = (before: string): number => {
  const program = `import { getHeapSpaceStatistics } from 'node:v8';
    ${before}
    const kept = new Array(100_000);
    for (let count = 0; count < 4_000_000; count += 1) {
      kept[count % kept.length] = { count, text: [count] };
      if (count % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    console.log(space.space_size / ${mebibyte});`;
  return Number(
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }),
  );
};

const limitedTo = (mebibytes: number): number => {
  const module = new URL('young-generation.ts', import.meta.url).href;
  return grownTo(`import { limitYoungGeneration } from ${JSON.stringify(module)};
    limitYoungGeneration(${mebibytes * mebibyte});`);
};

test('both halves of the young generation together grow to twice the limit, and no further', () => {
  const [four, eight, free] = [limitedTo(4), limitedTo(8), grownTo('')];
  assert.ok(four >= 8 && four < 16, `${four}`);
  assert.ok(eight >= 16 && eight < 32, `${eight}`);
  assert.ok(free > 32, `${free}`);
});
