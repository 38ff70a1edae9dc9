import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selfSigned } from '@sluice/kernel/testing/certificate';
import { freePorts, startSupervised } from '../../fault/support/supervised.ts';
import { packageFolder } from '../../support/publishing.ts';
import { runCommand } from '../../support/sluice-command.ts';
import { echoFiles } from './fixture.ts';

test('after npm start the command publishes with the key that it finds there, over TLS too', async () => {
  await using certificate = await selfSigned();
  await using local = await packageFolder('echo', '1.0.0', echoFiles('1.0.0'));
  for (const [scheme, tls] of [
    ['http', {}],
    ['https', { TLS_CERT_FILE: certificate.certFile, TLS_KEY_FILE: certificate.keyFile }],
  ] as const) {
    await using sluice = await startSupervised({ ...(await freePorts()), ...tls });
    await sluice.ready();
    const server = sluice.url.replace('http', scheme);
    assert.ok(sluice.stderr.some((line) => line.includes(`${server}/docs`)));
    const { exitCode, stdout, stderr } = await runCommand(['release', 'publish', local.folder], {
      SLUICE_HOME: sluice.home,
      SLUICE_SERVER: server,
      SLUICE_TLS_CA: certificate.certFile,
    });
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.equal(JSON.parse(stdout).state, 'RELEASE_STATE_READY');
  }
});
