import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ReleaseName } from '@sluice/kernel/release/release';
import { createLog } from '@sluice/kernel/telemetry/log';
import type { RuntimeRequest } from '../../core/runtime.ts';
import { testRelease } from '../../testing/calls.ts';
import { RuntimeLink, type RuntimeLinkOptions } from '../runtime-link.ts';
import { type FakeRuntime, packages, startFakeRuntime, until } from './fake-runtime.ts';

const log = createLog({ process: 'test', environment: 'dev', level: 'silent' });
/** Bytes of a request that goes over the second stream. */
export const large = 300_000;
export const never = new AbortController().signal;

export const request = (bytes = 8, more: Partial<RuntimeRequest> = {}): RuntimeRequest => ({
  release: testRelease(),
  handle: 7,
  inputs: [{ name: 'x', datatype: 'FP32', shape: [bytes / 4], data: new Uint8Array(bytes) }],
  outputs: [],
  dueAt: performance.now() + 60_000,
  priority: 0,
  trace: { traceparent: '', tracestate: '' },
  again: false,
  ...more,
});

export const openLink = async (
  t: TestContext,
  runtime: FakeRuntime,
  kind: RuntimeLinkOptions['kind'] = 'runtime',
) => {
  const events = { lost: [] as (readonly ReleaseName[])[], changes: 0, isClosed: false };
  const own = new RuntimeLink({
    address: runtime.address,
    kind,
    packages,
    maxFrameBytes: 1_000_000,
    log,
    on: {
      changed: () => {
        events.changes += 1;
      },
      lost: (_, releases) => events.lost.push(releases),
      closed: () => {
        events.isClosed = true;
      },
    },
  });
  t.after(() => own[Symbol.asyncDispose]());
  await until(() => own.available);
  return { link: own, events };
};

export const startLink = async (t: TestContext, kind?: RuntimeLinkOptions['kind']) => {
  const runtime = await startFakeRuntime(t);
  return { runtime, ...(await openLink(t, runtime, kind)) };
};

/** Both streams are open, with one request under way on each. */
export const startBoth = async (t: TestContext) => {
  const all = await startLink(t);
  const asked = [8, large].map((bytes) => all.link.infer(request(bytes), never));
  for (const each of asked) each.catch(() => undefined);
  await until(() => all.runtime.streams.length === 2);
  const [main, bulk] = all.runtime.streams;
  assert.ok(main !== undefined && bulk !== undefined);
  await until(() => main.entries.length === 1 && bulk.entries.length === 1);
  return { ...all, main, bulk, asked };
};
