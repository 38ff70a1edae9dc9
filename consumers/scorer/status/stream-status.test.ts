import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { feed, longMs, newStream, startStream, untilCommitted } from '../testing/running-stream.ts';
import { scored } from '../testing/stand-ins.ts';

test('a stream that may not open its transactions waits, says why, and goes on when it may', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { delivery: 'exactly-once' });
  await feed(log, stream, ['a']);
  let isAllowed = false;
  const refusing: EventLog = {
    ...log,
    openTransactor: (id) => {
      if (isAllowed) return log.openTransactor(id);
      throw new SluiceError('PERMISSION_DENIED', `no right to the transactional id ${id}`);
    },
  };
  const { status } = startStream(t, refusing, stream, () => scored());
  const reason = (): string => status.share('s', Date.now()).lastError ?? '';
  await eventually('the reason', () => /PERMISSION_DENIED: no right to/.test(reason()), longMs);
  assert.equal(status.state, 'WAITING');
  isAllowed = true;
  await untilCommitted(log, stream, 1);
  await eventually('the stream', () => status.state === 'RUNNING', longMs);
});
