import type { Code } from '@sluice/kernel/errors/codes';
import type { PublishReleaseRequest } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import { announce } from '../../support/publishing.ts';
import { echoFiles, messagesOf, model } from './fixture.ts';

/** Messages that are refused, with what is said then. */
export interface Row {
  readonly name: string;
  readonly messages: readonly PublishReleaseRequest[];
  readonly code: Code;
  readonly message: RegExp;
}

const [announced = {}, ...chunks] = messagesOf('1.0.0');
const whole = announce('echo', '1.0.0', echoFiles('1.0.0'));
const [first = { path: '', size: 0, sha256: '' }, ...others] = whole.files;

/** The same package, announced otherwise. */
const changed = (change: object): PublishReleaseRequest[] => [
  { package: { ...whole, digest: '', ...change } },
  ...chunks,
];
const renamed = (path: string): PublishReleaseRequest[] =>
  changed({ files: [{ ...first, path }, ...others] });

/** A package of this one file, sent whole. */
const only = (path: string, content: Uint8Array | string): PublishReleaseRequest[] =>
  messagesOf('1.0.0', {}, { [path]: content });

export const refusedRows: readonly Row[] = [
  {
    name: 'a stream without a message',
    messages: [],
    code: 'MALFORMED_REQUEST',
    message: /ended before it said/,
  },
  {
    name: 'a message that says nothing',
    messages: [{}],
    code: 'MALFORMED_REQUEST',
    message: /expected a package/,
  },
  {
    name: 'a chunk before the package',
    messages: [...chunks, announced],
    code: 'MALFORMED_REQUEST',
    message: /expected a package in the first/,
  },
  {
    name: 'a second package',
    messages: [announced, announced, ...chunks],
    code: 'MALFORMED_REQUEST',
    message: /expected a chunk/,
  },
  {
    name: 'an empty message in the middle',
    messages: [announced, {}, ...chunks],
    code: 'MALFORMED_REQUEST',
    message: /expected a chunk/,
  },
  {
    name: 'a chunk that is too large',
    messages: [announced, { chunk: Buffer.alloc(262_145) }],
    code: 'MALFORMED_REQUEST',
    message: /at most 262144 bytes, got 262145/,
  },
  {
    name: 'an early end',
    messages: [announced, ...chunks.slice(0, 1)],
    code: 'INVALID_INPUT',
    message: /sluice\.yaml: the stream ended \d+ bytes before its end/,
  },
  {
    name: 'no bytes at all',
    messages: [announced],
    code: 'INVALID_INPUT',
    message: /model\.onnx: the stream ended/,
  },
  {
    name: 'a byte too many',
    messages: [announced, ...chunks, { chunk: Buffer.of(0) }],
    code: 'INVALID_INPUT',
    message: /more bytes came than the files have/,
  },
  {
    name: 'bytes in another order',
    messages: [announced, ...chunks.toReversed()],
    code: 'INVALID_INPUT',
    message: /model\.onnx: expected the SHA-256/,
  },
  {
    name: 'a broken byte',
    messages: [announced, { chunk: Buffer.from(model).fill(7, 3, 4) }, ...chunks.slice(1)],
    code: 'INVALID_INPUT',
    message: /expected the SHA-256 .* its bytes have/,
  },
  {
    name: 'a SHA-256 that is none',
    messages: changed({ files: [{ ...first, sha256: 'ab' }, ...others] }),
    code: 'INVALID_INPUT',
    message: /model\.onnx\.sha256: expected 64 hexadecimal digits, got 'ab'/,
  },
  {
    name: 'a digest that is that of other files',
    messages: changed({ digest: 'sha256:00' }),
    code: 'INVALID_INPUT',
    message: /the publisher computed sha256:00/,
  },
  { name: 'no files', messages: changed({ files: [] }), code: 'INVALID_INPUT', message: /at least one file/ },
  {
    name: 'too many files',
    messages: changed({ files: Array.from({ length: 11 }, (_, index) => ({ ...first, path: `f${index}` })) }),
    code: 'INVALID_INPUT',
    message: /at most 10 \(PUBLISH_MAX_FILES\), got 11/,
  },
  {
    name: 'more bytes than a package may have',
    messages: changed({ files: [{ ...first, size: 4_000_000_000 }] }),
    code: 'INVALID_INPUT',
    message: /at most 100000 bytes \(PUBLISH_MAX_BYTES\), got 4000000000/,
  },
  {
    name: 'a model name that leads elsewhere',
    messages: changed({ model: '../echo' }),
    code: 'INVALID_INPUT',
    message: /model: expected letters/,
  },
  {
    name: 'a model name of Sluice itself',
    messages: changed({ model: '_revisions' }),
    code: 'INVALID_INPUT',
    message: /model: expected letters/,
  },
  {
    name: 'an empty model name',
    messages: changed({ model: '' }),
    code: 'INVALID_INPUT',
    message: /model: expected letters/,
  },
  {
    name: 'a version that is none',
    messages: changed({ version: 'latest' }),
    code: 'INVALID_INPUT',
    message: /expected a semantic version, got 'latest'/,
  },
  {
    name: 'a version that leads elsewhere',
    messages: changed({ version: '1.0.0/..' }),
    code: 'INVALID_INPUT',
    message: /expected a semantic version/,
  },
  {
    name: 'a publisher with a line break',
    messages: changed({ by: 'ada\nbob' }),
    code: 'INVALID_INPUT',
    message: /by: expected at most 256 characters/,
  },
  ...[
    '../model.onnx',
    '/model.onnx',
    'a//b',
    'a/../../b',
    '.',
    '',
    'a/',
    '.published.json',
    'a/.git/b',
    'a\\b',
    'a\u0000b',
    `${'a/'.repeat(16)}b`,
    'n'.repeat(256),
  ].map((path) => ({
    name: `the path ${JSON.stringify(path.slice(0, 40))}`,
    messages: renamed(path),
    code: 'INVALID_INPUT' as const,
    message: /files: '.*' (is|has|leads) /s,
  })),
  ...['sluice.yaml', 'Sluice.YAML', 'sluice.yaml/model.onnx'].map((path) => ({
    name: `two files of which one is called ${path}`,
    messages: renamed(path),
    code: 'INVALID_INPUT' as const,
    message: /is there twice|is the same name as sluice\.yaml|lies in sluice\.yaml, which is a file/i,
  })),
  {
    name: 'a package without a graph',
    messages: only('notes.txt', 'nothing'),
    code: 'PACKAGE_INVALID',
    message: /no model\.onnx/,
  },
  {
    name: 'a graph that is none',
    messages: only('model.onnx', 'not a graph'),
    code: 'PACKAGE_INVALID',
    message: /model\.onnx|ONNX|graph/,
  },
  {
    name: "another model's manifest",
    messages: [{ package: { ...whole, model: 'other' } }, ...chunks],
    code: 'PACKAGE_INVALID',
    message: /sluice\.yaml:\d+: model: expected other/,
  },
  {
    name: 'another version in the manifest',
    messages: [{ package: { ...whole, version: '9.0.0' } }, ...chunks],
    code: 'PACKAGE_INVALID',
    message: /sluice\.yaml:\d+: version: expected 9\.0\.0/,
  },
];
