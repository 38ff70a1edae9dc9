import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import { loadedBytes } from '../core/loading/loaded-bytes.ts';
import type { HeldRelease } from '../releases/held-release.ts';
import { startHolder } from './start-holder.ts';

/** A small model: its answer is its input. */
export const smallModel = identityModel([{ datatype: 'FP32', shape: ['N', 1] }]);
const smallBytes = loadedBytes(smallModel.byteLength, 1);

/** A holder over versions 1, 2, … of a model `m`, with room for so many of them. */
export const startOnDemand = async (t: TestContext, versions: number, room: number) => {
  const temporary = await temporaryStore(t);
  for (let version = 1; version <= versions; version += 1)
    await temporary.put(`m/${version}/model.onnx`, smallModel);
  const started = startHolder(t, temporary.store, room * smallBytes);
  const { holder } = started;
  const find = (version: number): HeldRelease => {
    const held = holder.all().find((each) => each.version === `${version}`);
    assert.ok(held !== undefined, `version ${version} is known`);
    return held;
  };
  /** `1 READY, 2 ON_DEMAND`; for those that are not known nothing. */
  const states = (): string =>
    holder
      .all()
      .map(({ version, state }) => `${version} ${state.kind}`)
      .sort()
      .join(', ');
  return {
    ...temporary,
    ...started,
    find,
    states,
    demand: (version: number) => holder.demand(find(version)),
    /** Waits for what happens in the background. */
    until: async (condition: () => boolean): Promise<void> => {
      while (!condition()) await turn();
    },
  };
};
