import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedJson, unboundedBytes } from './json-bounds.ts';

const large = (unit: string, before = ''): Buffer =>
  Buffer.from(before + unit.repeat(Math.ceil((unboundedBytes + 1) / unit.length)));

test('a large text that is nested without end is refused', () => {
  for (const unit of ['[', '{"a":', '[[],'])
    assert.match(refusedJson(large(unit)) ?? '', /^is nested deeper than 64 levels at byte \d+$/);
});

test('a large text of millions of objects is refused', () => {
  assert.match(
    refusedJson(Buffer.from(`[${'{},'.repeat(4_000_001)}`)) ?? '',
    /^has more than 4000000 lists and objects$/,
  );
});

test('a large text of numbers or rows may be parsed', () => {
  for (const unit of ['1.5,', '[1,2],', '"text",']) assert.equal(refusedJson(large(unit, '[')), undefined);
});

test('brackets in strings do not count, behind an escaped quote either', () => {
  for (const unit of ['"[[[[",', '"\\"[[[[",', '"\\\\",[],'])
    assert.equal(refusedJson(large(unit, '[')), undefined);
  assert.equal(refusedJson(large('[', '"')), undefined);
});

test('a small text is left to the parser', () => {
  assert.equal(refusedJson(Buffer.from('['.repeat(1000))), undefined);
});
