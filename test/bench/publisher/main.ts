import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { publishEvents } from './publish-events.ts';

/**
 * `publisher/main.ts <event log> <topic> <events a second> <seconds>`: writes events at a steady rate. A process of its
 * own, so that it is held up by nobody who reads. Says when it begins, and how many there are when all are written.
 */
const [url = '', topic = '', perSecond, seconds] = process.argv.slice(2);
// The one who started it is gone.
process.on('disconnect', () => process.exit(0));
const log = await openEventLog({ url });
console.log(JSON.stringify({ msg: 'publishing', startedAt: Date.now() }));
const events = await publishEvents(log, { topic, perSecond: Number(perSecond), seconds: Number(seconds) });
console.log(JSON.stringify({ msg: 'published', events }));
await log[Symbol.asyncDispose]();
process.disconnect();
