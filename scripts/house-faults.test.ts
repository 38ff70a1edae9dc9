import assert from 'node:assert/strict';
import { test } from 'node:test';
import { houseFaults } from './house-faults.ts';

const lines = (count: number) => 'line\n'.repeat(count);
// Joined here, so that this file keeps the rules that it tests.
const path = (folder: string) => `${'/'}${folder}/main/models`;

const broken: readonly (readonly [file: string, text: string, fault: RegExp])[] = [
  ['kernel/a.ts', `const root = '${path('work')}';`, /^kernel\/a\.ts:1: a path of one machine$/],
  ['docs/guide.md', `\ncd ${path('home')}`, /^docs\/guide\.md:2: a path of one machine$/],
  ['README.md', `npm --registry https://${'registry'}.example.com`, /README\.md:1: a registry host/],
  ['kernel/a.test.ts', `test${'.only'}('x', () => {});`, /a test that silences the others/],
  ['kernel/a.ts', `// TO${'DO'}: later`, /an open end/],
  ['kernel/long.ts', lines(221), /^kernel\/long\.ts: 221 lines/],
  ['kernel/long.ts', lines(101), /^median 101 lines/],
  ['test/lost.test.ts', '', /^test\/lost\.test\.ts: no suite/],
  ['package-lock.json', '"resolved": "https://npm.example.com/a.tgz"', /example\.com.* is not on the public/],
];

for (const [file, text, fault] of broken) {
  test(`${file} with ${JSON.stringify(text.slice(0, 40))} breaks a house rule`, () => {
    const faults = houseFaults([{ path: file, text }]);
    assert.ok(
      faults.some((line) => fault.test(line)),
      `faults: ${faults.join('; ')}`,
    );
  });
}

const sound: readonly (readonly [file: string, text: string])[] = [
  ['kernel/a.ts', lines(100)],
  ['protos/gen/a.ts', lines(1000)],
  ['gateway/rest/routes.ts', "server.get('/v1/home/', handler); registry.metrics(); // v1/root/"],
  ['test/e2e/door.test.ts', "test('answers', () => {});"],
  ['package-lock.json', `"resolved": "https://${'registry'}.npmjs.org/a.tgz", "resolved": "kernel"`],
];

for (const [file, text] of sound) {
  test(`${file} with ${JSON.stringify(text.slice(0, 40))} keeps the house rules`, () => {
    assert.deepEqual(houseFaults([{ path: file, text }]), []);
  });
}
