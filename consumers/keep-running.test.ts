import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { createLog } from '@sluice/kernel/telemetry/log';
import { keepRunning, type StartConsumer } from './keep-running.ts';

const backoff = { firstMs: 1, maxMs: 4, goodLifeMs: 30_000 };

const keep = (start: StartConsumer) => {
  const lines: string[] = [];
  const destination = {
    write: (text: string) => void lines.push(String((JSON.parse(text) as { msg: string }).msg)),
  };
  const log = createLog({ process: 'consumers', environment: 'dev', level: 'info', destination });
  return { lines, kept: keepRunning({ name: 'recorder', start, log, backoff }) };
};

const away = (): SluiceError => new SluiceError('EVENT_LOG_UNAVAILABLE', 'the log is away');
const never = new Promise<void>(() => undefined);

test('a consumer that cannot start is tried again, which is told once, and so is its return', async () => {
  let starts = 0;
  const { kept, lines } = keep(async () => {
    starts += 1;
    if (starts < 5) throw away();
    return { ended: never };
  });
  await using _ = kept;
  assert.equal(kept.notRunning(), 'starting');
  await eventually('its return', () => kept.notRunning() === undefined);
  assert.equal(starts, 5);
  assert.deepEqual(lines, ['recorder waits: the log is away', 'recorder is back']);
});

test('one that ends by an error gives back what it opened, and begins anew', async () => {
  const opened: number[] = [];
  const closed: number[] = [];
  const { kept } = keep(async (stack) => {
    const life = opened.push(0);
    stack.defer(() => void closed.push(life));
    return { ended: life < 3 ? Promise.reject(away()) : never };
  });
  await eventually('the third life', () => opened.length === 3 && kept.notRunning() === undefined);
  assert.deepEqual(closed, [1, 2]);
  await kept[Symbol.asyncDispose]();
  assert.deepEqual(closed, [1, 2, 3]);
});

test('what it says meanwhile is why it does not run', async () => {
  const { kept } = keep(async () => {
    throw away();
  });
  await using _ = kept;
  await eventually('the reason', () => kept.notRunning() === 'the log is away');
});

test('a start that never comes back does not hold up the end', async () => {
  const { kept } = keep(() => new Promise(() => undefined));
  await kept[Symbol.asyncDispose]();
  assert.equal(kept.notRunning(), 'starting');
});
