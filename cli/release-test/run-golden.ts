import { messageOf } from '@sluice/kernel/errors/message-of';
import {
  checkNamed,
  checkRefusal,
  compileGoldenEncoder,
  expectedOf,
  plainOutputs,
} from '@sluice/kernel/release/golden';
import { largestDifference } from '@sluice/kernel/release/golden-difference';
import type { GoldenCase } from '@sluice/kernel/release/read-golden';
import type { Release } from '@sluice/kernel/release/release';
import type { DoorClient, Outcome } from '@sluice/kernel/rpc/door-client';
import type { GoldenOutcome } from './report.ts';
import { boundsOf } from './request-bounds.ts';

const askDoor = async (
  door: DoorClient,
  release: Release,
  golden: GoldenCase,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { model, version } = release;
  if ('inputs' in golden) {
    const request = {
      model,
      version,
      id: '',
      inputs: compileGoldenEncoder(release)(golden),
      outputs: [],
      priority: 0,
    };
    return { outputs: plainOutputs(await door.infer(request, boundsOf(signal))) };
  }
  return door.predict(model, version, golden.features, boundsOf(signal));
};

/** @throws Error that names the case, when it came out otherwise */
const check = (golden: GoldenCase, outcome: Outcome): void => {
  if ('refusal' in outcome) checkRefusal(golden, outcome.refusal);
  else checkNamed(golden, outcome.outputs);
};

/** Asks one golden case as a caller would: features by Predict, tensors by the Open Inference Protocol. */
export const runGolden = async (
  door: DoorClient,
  release: Release,
  golden: GoldenCase,
  signal: AbortSignal,
): Promise<GoldenOutcome> => {
  const { name } = golden;
  try {
    const came = await askDoor(door, release, golden, signal);
    const difference = largestDifference(expectedOf(golden), 'outputs' in came ? came.outputs : {});
    try {
      check(golden, came);
      return { name, passed: true, ...('refusal' in came ? { refusal: came.refusal.code } : { difference }) };
    } catch (error) {
      return { name, passed: false, difference, reason: withoutName(messageOf(error), name) };
    }
  } catch (error) {
    signal.throwIfAborted();
    return { name, passed: false, reason: messageOf(error) };
  }
};

/** The table has the name already. */
const withoutName = (message: string, name: string): string => message.replace(`golden case '${name}': `, '');
