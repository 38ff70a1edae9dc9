import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import { type Certificate, selfSigned } from '@sluice/kernel/testing/certificate';
import { packages, unary } from '../support/clients.ts';
import { type Running, startProcess } from '../support/process.ts';
import { adminEnv, adminKey, packageFolder } from '../support/publishing.ts';
import { startRuntime } from '../support/sluice.ts';
import { runCommand } from '../support/sluice-command.ts';
import { temporaryStore } from '../support/store.ts';
import { waitFor } from '../support/wait-for.ts';
import { echoFiles } from './publish/fixture.ts';

/** A busy machine may take so long. */
const startMs = 60_000;
const freePorts = { HTTP_PORT: '0', GRPC_PORT: '0', METRICS_PORT: '0', LINK_PORT: '0' };

for (const reusePort of ['false', 'true'])
  describe(`with a certificate both doors speak TLS, REUSE_PORT ${reusePort}`, () => {
    const stack = new AsyncDisposableStack();
    let certificate: Certificate;
    let [http, grpc] = ['', ''];

    before(async () => {
      certificate = stack.use(await selfSigned());
      const store = stack.use(await temporaryStore());
      const runtime = stack.use(await startRuntime(store.url));
      const gateway = stack.use(
        startProcess('gateway/main.ts', {
          ...freePorts,
          ...adminEnv,
          STORE_URL: store.url,
          RUNTIME_URLS: runtime.grpc,
          REUSE_PORT: reusePort,
          RECORDS: 'false',
          TLS_CERT_FILE: certificate.certFile,
          TLS_KEY_FILE: certificate.keyFile,
        }),
      );
      const line = await gateway.line('listening', startMs);
      [http, grpc] = [`https://${line['http']}`, String(line['grpc'])];
      const ready = `http://${line['metrics']}/readyz`;
      await waitFor('the gateway to be ready', async () => (await fetch(ready)).ok, startMs);
    });
    after(() => stack.disposeAsync());

    const sluice = (...args: string[]) =>
      runCommand(args, {
        SLUICE_SERVER: http,
        SLUICE_ADMIN_KEY: adminKey,
        SLUICE_TLS_CA: certificate.certFile,
      });

    test('the command publishes and predicts', async () => {
      await using local = await packageFolder('echo', '1.0.0', echoFiles('1.0.0'));
      const published = await sluice('release', 'publish', local.folder);
      assert.deepEqual([published.exitCode, published.stderr], [0, '']);
      const predicted = await sluice('predict', 'echo', '--set', 'x0=[5]');
      assert.deepEqual(JSON.parse(predicted.stdout).prediction.outputs, { y0: 5 });
    });

    test('a gRPC client with the certificate is answered, one without TLS is not', async () => {
      const roots = readFileSync(certificate.certFile);
      const ask = (
        channel: ReturnType<typeof credentials.createSsl>,
        timeoutMs: number,
      ): Promise<unknown> => {
        const client = new packages.sluice.v1.ModelService(grpc, channel);
        const deadline = Date.now() + timeoutMs;
        return unary((done) => client.ListModels({}, { deadline }, done)).finally(() => client.close());
      };
      await ask(credentials.createSsl(roots), 60_000);
      await assert.rejects(ask(credentials.createInsecure(), 2_000));
      await assert.rejects(ask(credentials.createSsl(), 2_000));
    });

    test('who does not trust the certificate is told what to do', async () => {
      const { exitCode, stderr } = await runCommand(['health'], { SLUICE_SERVER: http });
      assert.equal(exitCode, 69);
      assert.match(stderr, /SELF_SIGNED_CERT.*--tls-ca or SLUICE_TLS_CA/);
      const plain = await runCommand(['health'], { SLUICE_SERVER: http.replace('https', 'http') });
      assert.equal(plain.exitCode, 69);
      assert.match(plain.stderr, /https:\/\/ is expected/);
    });

    test('nothing below TLS 1.2 is spoken', async () => {
      for (const authority of [http.replace('https://', ''), grpc]) {
        const [host = '', port = ''] = authority.split(':');
        const ended = await new Promise<string>((resolve) => {
          const options = { host, port: Number(port), maxVersion: 'TLSv1.1', minVersion: 'TLSv1' } as const;
          const socket = connectTls({ ...options, rejectUnauthorized: false, ciphers: 'ALL:@SECLEVEL=0' });
          socket
            .once('error', ({ message }) => resolve(message))
            .once('secureConnect', () => resolve('open'));
        });
        assert.notEqual(ended, 'open');
      }
    });
  });

const checked = async (env: Readonly<Record<string, string>>): Promise<readonly [unknown, string]> => {
  await using running: Running = startProcess('gateway/main.ts', env, ['--check']);
  return [await running.exited, running.lines.map(({ msg }) => String(msg)).join('\n')];
};

describe('what is wrong with the two files is said at the start, by the name of the variable', () => {
  const stack = new AsyncDisposableStack();
  let [cert, key, othersKey, text] = ['', '', '', ''];

  before(async () => {
    ({ certFile: cert, keyFile: key } = stack.use(await selfSigned()));
    ({ keyFile: othersKey } = stack.use(await selfSigned()));
    const { folder } = stack.use(await temporaryStore());
    text = join(folder, 'text.pem');
    writeFileSync(text, 'no certificate');
  });
  after(() => stack.disposeAsync());

  const rows: readonly (readonly [
    what: string,
    env: () => Readonly<Record<string, string>>,
    fault: RegExp,
  ])[] = [
    [
      'only a certificate',
      () => ({ TLS_CERT_FILE: cert }),
      /TLS_KEY_FILE: expected a file, as TLS_CERT_FILE/,
    ],
    ['only a key', () => ({ TLS_KEY_FILE: key }), /TLS_CERT_FILE: expected a file, as TLS_KEY_FILE/],
    [
      "another one's key",
      () => ({ TLS_CERT_FILE: cert, TLS_KEY_FILE: othersKey }),
      /TLS_KEY_FILE: expected the private key of TLS_CERT_FILE/,
    ],
    [
      'a missing file',
      () => ({ TLS_CERT_FILE: '/no/such.pem', TLS_KEY_FILE: key }),
      /TLS_CERT_FILE: expected a PEM file with a certificate: ENOENT/,
    ],
    [
      'no certificate',
      () => ({ TLS_CERT_FILE: text, TLS_KEY_FILE: key }),
      /TLS_CERT_FILE: expected a PEM file with a certificate/,
    ],
    [
      'no key',
      () => ({ TLS_CERT_FILE: cert, TLS_KEY_FILE: text }),
      /TLS_KEY_FILE: expected a PEM file with a private key/,
    ],
    [
      'an admin key instead of its hash',
      () => ({ ADMIN_KEY_SHA256: 'secret' }),
      /ADMIN_KEY_SHA256: expected 64 hexadecimal digits, got \[redacted\]/,
    ],
  ];
  for (const [what, env, fault] of rows)
    test(what, async () => {
      const [exitCode, said] = await checked(env());
      assert.equal(exitCode, 64);
      assert.match(said, fault);
    });

  test('nothing is wrong with those that belong together, and --print-config hides what is secret', async () => {
    assert.deepEqual(await checked({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key }), [0, '']);
    await using running = startProcess('gateway/main.ts', adminEnv, ['--print-config']);
    assert.equal(await running.exited, 0);
    const said = running.lines.map(({ msg }) => String(msg)).join('\n');
    assert.match(said, /ADMIN_KEY_SHA256=\[redacted\]/);
    assert.ok(!said.includes(adminEnv.ADMIN_KEY_SHA256));
  });
});
