import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { loadOnnxRuntime } from '../session/onnx-runtime.ts';
import { openSession } from '../session/open-session.ts';
import type { Session } from '../session/session.ts';

/** Opens the bytes of an ONNX file with the real ONNX Runtime; file and session go with the test. */
export const openModel = async (t: TestContext, bytes: Uint8Array): Promise<Session> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-model-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'model.onnx');
  await writeFile(path, bytes);
  const session = await openSession(loadOnnxRuntime(), path, { intraOpThreads: 1 });
  t.after(() => session[Symbol.asyncDispose]());
  return session;
};
