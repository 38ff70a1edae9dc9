import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestOf, sha256 } from './digest.ts';

const fileOf = (path: string, content: string) => {
  const bytes = Buffer.from(content, 'utf8');
  return { path, size: bytes.byteLength, sha256: sha256(bytes) };
};

test('the digest is what its definition says', () => {
  const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
  const list = `Z.md\t2\t${hash('ä')}\nmodel.onnx\t3\t${hash('abc')}\nsub/a\t0\t${hash('')}\n`;
  const files = [fileOf('sub/a', ''), fileOf('model.onnx', 'abc'), fileOf('Z.md', 'ä')];
  assert.equal(digestOf(files), `sha256:${hash(list)}`);
});

test('the digest of no files is that of nothing', () => {
  assert.equal(digestOf([]), 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

const path = fc.stringMatching(/^[a-z]{1,3}$/);
const files = fc.dictionary(path, fc.string(), { minKeys: 1 });

test('the order in which files are listed does not matter', () => {
  fc.assert(
    fc.property(files, (contents) => {
      const listed = Object.entries(contents).map(([name, content]) => fileOf(name, content));
      assert.equal(digestOf(listed), digestOf([...listed].reverse()));
    }),
  );
});

test('any other byte in any file, and any other name, makes another digest', () => {
  fc.assert(
    fc.property(files, fc.nat(), fc.nat(), (contents, which, where) => {
      const listed = Object.entries(contents).map(([name, content]) => fileOf(name, content));
      const entries = Object.entries(contents);
      const [name = '', content = ''] = entries[which % entries.length] ?? [];
      const at = where % (content.length + 1);
      const changed = `${content.slice(0, at)}x${content.slice(at)}`;
      const others = listed.filter((file) => file.path !== name);
      const digests = [
        digestOf(listed),
        digestOf([...others, fileOf(name, changed)]),
        digestOf([...others, fileOf(`${name}-`, content)]),
      ];
      assert.equal(new Set(digests).size, 3);
    }),
  );
});
