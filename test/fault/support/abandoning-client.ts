/**
 * A process to kill: abandoning-client.ts ADDRESS STREAMS ITEMS opens so many streams (open-streams.ts),
 * and then waits for its end without reading an answer.
 */
import { connect } from '../../support/clients.ts';
import { openStreams } from './open-streams.ts';

const [address = '', streams = '', items = ''] = process.argv.slice(2);
openStreams(connect(address), Number(streams), Number(items));
setInterval(() => undefined, 60_000);
