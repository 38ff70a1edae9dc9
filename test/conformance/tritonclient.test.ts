import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type RunningSluice, startSluice } from '../support/sluice.ts';
import { conformanceStore } from './conformance-store.ts';
import { runScript } from './run-script.ts';
import { conformanceVenv, reasonToSkip } from './venv.ts';

/**
 * Unchanged Python clients from PyPI (tritonclient, grpcio-reflection, grpcio-health-checking) against
 * real processes. Each case of python/*.py is a test of its own here.
 */

/** A door of a running Sluice, and the client that knocks. */
interface Door {
  readonly name: string;
  readonly client: 'grpc' | 'http';
  readonly address: (sluice: RunningSluice) => string | undefined;
}

const grpc: Door = { name: 'gRPC', client: 'grpc', address: ({ gateway }) => gateway.grpc };
const http: Door = { name: 'HTTP', client: 'http', address: ({ gateway }) => new URL(gateway.http).host };
/** A runtime's plain door, without a gateway. */
const runtime: Door = {
  name: 'a lone runtime',
  client: 'grpc',
  address: ({ runtimes }) => runtimes[0]?.grpc,
};

const scripts: readonly (readonly [script: string, doors: readonly Door[]])[] = [
  ['health', [grpc, http]],
  ['models', [grpc, http]],
  ['infer', [grpc, http]],
  ['datatypes', [grpc, http, runtime]],
  ['errors', [grpc, http]],
  ['unimplemented', [grpc, http]],
  ['aio', [grpc, http]],
  ['grpc_calls', [grpc]],
  ['grpc_typed', [grpc, runtime]],
  ['grpc_stream', [grpc]],
  ['grpc_aio_stream', [grpc]],
  ['grpc_reflection_client', [grpc]],
  ['grpc_health_client', [grpc]],
  ['http_json', [http]],
];

/** errors.py sends more than this. */
const env = { MAX_MESSAGE_BYTES: String(16 * 1024 * 1024) };

const runAgainst = async (
  t: TestContext,
  python: string,
  script: string,
  door: Door,
  sluice: RunningSluice,
) => {
  const address = door.address(sluice) ?? '';
  const { cases, fault } = await runScript(python, join(import.meta.dirname, 'python', `${script}.py`), {
    SLUICE_DOOR: door.client,
    SLUICE_ADDRESS: address,
  });
  for (const { case: name, ok, error } of cases) {
    await t.test(name, () => {
      if (!ok) throw new Error(error);
    });
  }
  if (fault !== undefined) throw new Error(fault);
};

const venv = await conformanceVenv();
const skip = reasonToSkip(venv, process.env);
if (skip !== undefined) console.error(`\n*** SKIPPED: ${skip} ***\n`);

test('unchanged Python clients work', { skip: skip ?? false }, async (t) => {
  if (!('python' in venv)) return;
  await using store = await conformanceStore();
  await using sluice = await startSluice({ store: store.url, env });
  for (const [script, doors] of scripts) {
    for (const door of doors) {
      await t.test(`${script}.py over ${door.name}`, (inner) =>
        runAgainst(inner, venv.python, script, door, sluice),
      );
    }
  }
});
