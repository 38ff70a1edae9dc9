import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import { connect, unary } from '../support/clients.ts';
import { waitFor } from '../support/wait-for.ts';
import { ok, outcomeAfter } from './support/outcome.ts';
import { occupiedPort } from './support/ports.ts';
import { freeOffset, freePorts, isAlive, type Supervised, startSupervised } from './support/supervised.ts';
import { endOf } from './support/within.ts';

const names = ['model-runtime', 'gateway'] as const;
/** A busy machine may take so long to start a process again. */
const answerMs = 60_000;

/** Asks a real model of the seeded store. */
const codeOf = async (grpcPort: string | undefined): Promise<string> => {
  using clients = connect(`127.0.0.1:${grpcPort}`);
  const features = toStruct({
    tenure: 5,
    monthly_charges: 85.5,
    contract: 'Month-to-month',
    internet_service: 'DSL',
  });
  const asked = unary((done) => clients.prediction.Predict({ model: 'churn', features }, done));
  return (await outcomeAfter(asked, () => ok)).code;
};

const said = ({ lines }: Supervised, text: string): boolean =>
  lines.some(({ process, msg }) => process === 'supervisor' && String(msg).includes(text));

const pidsOf = (sluice: Supervised): number[] =>
  names.map((name) => sluice.child(name) ?? assert.fail(`no ${name}`));

test('a child that is killed is started again, said aloud, and answers; SIGTERM ends everything with exit 0', async () => {
  const ports = await freePorts();
  await using sluice = await startSupervised(ports);
  await sluice.ready();
  for (const port of Object.values(ports))
    assert.match(sluice.stderr.join('\n'), new RegExp(`:${port}\\b`), 'the banner');
  assert.equal(await codeOf(ports['GATEWAY_GRPC_PORT']), 'OK');
  for (const name of names) {
    const victim = sluice.child(name) ?? assert.fail(`no ${name}`);
    process.kill(victim, 'SIGKILL');
    await waitFor(`${name} to be started again`, () => ![undefined, victim].includes(sluice.child(name)));
    // Whoever asks for the children may see the new one before he has read what was said before.
    await waitFor('the word about it', () => said(sluice, `${name} was killed by SIGKILL, restarting in`));
    await waitFor('an answer', async () => (await codeOf(ports['GATEWAY_GRPC_PORT'])) === 'OK', answerMs);
  }
  const pids = pidsOf(sluice);
  sluice.signal('SIGTERM');
  assert.equal(await endOf(sluice), 0);
  assert.deepEqual(pids.filter(isAlive), []);
});

test('the children end when their supervisor is killed by -9', async () => {
  const ports = await freePorts();
  await using sluice = await startSupervised(ports);
  await sluice.ready();
  assert.equal(await codeOf(ports['GATEWAY_GRPC_PORT']), 'OK');
  const pids = pidsOf(sluice);
  sluice.signal('SIGKILL');
  assert.equal(await endOf(sluice), 'SIGKILL');
  await waitFor('the children to end', () => !pids.some(isAlive));
});

test('a port in use is a clear message at once and exit 69', async () => {
  using other = await occupiedPort();
  await using sluice = await startSupervised({
    ...(await freePorts()),
    GATEWAY_GRPC_PORT: String(other.port),
  });
  assert.equal(await endOf(sluice), 69);
  const text = sluice.stderr.join('\n');
  assert.match(text, new RegExp(`port ${other.port} on 127\\.0\\.0\\.1 .*is in use`));
  assert.match(text, /GATEWAY_GRPC_PORT .*SLUICE_PORT_OFFSET/);
  assert.deepEqual(sluice.lines, [], 'nothing was started');
});

test('two copies run side by side with SLUICE_PORT_OFFSET', async () => {
  const copies = [await freeOffset(), await freeOffset()];
  await using stack = new AsyncDisposableStack();
  const started = await Promise.all(
    copies.map(async (offset) =>
      stack.use(await startSupervised({ SLUICE_PORT_OFFSET: String(offset) }, String(8_000 + offset))),
    ),
  );
  await Promise.all(started.map((sluice) => sluice.ready()));
  assert.deepEqual(await Promise.all(copies.map((offset) => codeOf(String(8_001 + offset)))), ['OK', 'OK']);
  assert.equal(new Set(started.flatMap(pidsOf)).size, 4);
});
