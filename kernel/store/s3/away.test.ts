import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { freePort } from '../../testing/free-port.ts';
import { skipS3, startS3 } from '../../testing/s3-server.ts';
import type { StoredFile } from '../store.ts';
import { parseS3Url } from './parse-url.ts';
import { s3Store } from './s3-store.ts';

/** A bucket that cannot be used says which one and why. */

describe('a store in S3 that cannot be used', { skip: skipS3 }, async () => {
  const server = skipS3 === false ? await startS3() : undefined;
  after(() => server?.[Symbol.asyncDispose]());
  if (server === undefined) return;
  const endpoint = server.env['AWS_ENDPOINT_URL'] ?? '';
  const noCredentials = {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_EC2_METADATA_DISABLED: 'true',
  };

  /** The client looks for credentials and region in the environment of the process. */
  const open = (url: string, env: NodeJS.ProcessEnv = {}) => {
    const all = { ...server.env, ...env };
    for (const [name, value] of Object.entries(all)) {
      if (value === '') delete process.env[name];
      else process.env[name] = value;
    }
    const name = parseS3Url(url);
    assert.ok(name);
    return s3Store(url, name, { folder: '/nowhere', maxBytes: 1 }, all);
  };

  for (const [what, bucket, env, message] of [
    ['no such bucket', 'other', {}, `there is no bucket other at ${endpoint}`],
    [
      'a wrong key',
      server.bucket,
      { AWS_ACCESS_KEY_ID: 'nobody' },
      `${endpoint} refuses the credentials for bucket ${server.bucket} (`,
    ],
    [
      'a wrong secret',
      server.bucket,
      { AWS_SECRET_ACCESS_KEY: 'wrong' },
      `${endpoint} refuses the credentials for bucket ${server.bucket} (SignatureDoesNotMatch: `,
    ],
    [
      'no credentials',
      server.bucket,
      noCredentials,
      'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
    ],
    [
      'a wrong region',
      server.bucket,
      { AWS_REGION: 'mars-1' },
      `bucket ${server.bucket} is not in that region: set AWS_REGION (`,
    ],
  ] as const) {
    test(`${what}: every question says so`, async () => {
      const url = `s3://${bucket}/prefix`;
      const store = open(url, env);
      const file: StoredFile = {
        path: 'a',
        open: async function* () {
          yield Buffer.alloc(1);
        },
      };
      for (const ask of [
        () => store.look(),
        () => store.files(''),
        () => store.folders(''),
        () => store.read('m/1/a'),
        () => store.tag('m'),
        () => store.localFolder('m'),
        () => store.create('a', Buffer.alloc(1)),
        () => store.createFolder('m/1', [file]),
      ])
        await assert.rejects(ask, (error: Error & { code?: string }) => {
          assert.equal(error.code, 'STORE_UNAVAILABLE', error.message);
          assert.ok(error.message.startsWith(`${url} cannot be used: ${message}`), error.message);
          return true;
        });
    });
  }

  test('nobody listens there: every question says so', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const url = `s3://${server.bucket}/prefix`;
    await assert.rejects(open(url, { AWS_ENDPOINT_URL: nowhere }).look(), {
      code: 'STORE_UNAVAILABLE',
      message: `${url} cannot be used: ${nowhere} does not answer: connect ECONNREFUSED ${new URL(nowhere).host}`,
    });
  });

  test('a server that was away is used again', async () => {
    const store = open(server.newUrl());
    await store.create('a', Buffer.from('x'));
    await server.kill();
    await assert.rejects(store.read('a'), { code: 'STORE_UNAVAILABLE' });
    await server.restart();
    assert.equal((await store.read('a')).toString(), 'x');
  });
});
